"""The same people in every test, as in the demo.

Amina: member of Tilleul (open) and, under another name, of Romarin (discreet) · Bruno: lead of Tilleul · Chloé: lead of
Glycine (on request), the outsider of the other two · Dario: lead of Romarin · Denis: facilitator · Élise: manager.
"""

from dataclasses import dataclass, field

from app.clubs.models import Membership
from app.core.actor import Actor
from app.core.db import db, transaction
from app.core.ids import new_id
from tests.support import factories as make


@dataclass
class Person:
    """Somebody of the cast. names, memberships: by the slug of the club."""

    key: str
    account_id: str
    email: str
    role: str = "member"
    names: dict[str, str] = field(default_factory=dict)
    memberships: dict[str, str] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """For calling an action without a door."""
        return Actor(self.account_id, f"session:{new_id()}", self.role)


@dataclass
class Cast:
    """The people, and the ids of the houses and clubs by slug."""

    amina: Person
    bruno: Person
    chloe: Person
    dario: Person
    denis: Person
    elise: Person
    houses: dict[str, str]
    clubs: dict[str, str]

    @property
    def everyone(self) -> list[Person]:
        return [self.amina, self.bruno, self.chloe, self.dario, self.denis, self.elise]


CLUBS = {
    "tilleul": ("open", "45 ans et plus"),
    "glycine": ("on_request", "Créatrices d’entreprise"),
    "romarin": ("discreet", "Transitions au travail"),
}
PEOPLE = {"amina": "", "bruno": "", "chloe": "", "dario": "", "denis": "facilitator", "elise": "manager"}
MEMBERS = (
    ("bruno", "tilleul", "Bruno", "lead"),
    ("amina", "tilleul", "Ama", "member"),
    ("chloe", "glycine", "Chloé", "lead"),
    ("dario", "romarin", "Dario", "lead"),
    ("amina", "romarin", "Sacha", "member"),
)


def make_cast() -> Cast:
    """Two houses, three clubs, six people, in one transaction; needs an application context."""
    with transaction():
        with make.together():
            canal = make.make_house("canal")
            port = make.make_house(
                "port", name="Maison du Port", kind="centre", position=1, timezone="Pacific/Auckland"
            )
        hues = iter(("pine", "plum", "sky"))
        with make.together():
            clubs = {s: make.make_club(s, canal, door, name=name, hue=next(hues)) for s, (door, name) in CLUBS.items()}
            people = {key: _make_person(key, staff) for key, staff in PEOPLE.items()}
        with make.together():
            for key in ("denis", "elise"):
                make.make_post(people[key][1], canal)
            for key, slug, name, role in MEMBERS:
                person, account = people[key]
                membership = make.make_membership(account, clubs[slug], name, role)
                person.names[slug], person.memberships[slug] = name, membership.id
    found = {key: person for key, (person, _account) in people.items()}
    return Cast(**found, houses={"canal": canal.id, "port": port.id}, clubs={k: c.id for k, c in clubs.items()})


def _make_person(key: str, staff: str) -> tuple[Person, object]:
    email = f"{key}@demo.example"
    account = make.make_account(email, staff or "member", make.PASSWORD, demo=True)
    return Person(key, account.id, email, account.role), account


def make_person(key: str, **clubs: str) -> Person:
    """One more member: ``make_person("zoe", tilleul="Zoé")``."""
    from app.clubs.models import Club

    with transaction():
        account = make.make_account(f"{key}@demo.example", demo=True)
        person = Person(key, account.id, f"{key}@demo.example", names=dict(clubs))
        for slug, name in clubs.items():
            club = db.session.scalars(db.select(Club).where(Club.slug == slug)).one()
            person.memberships[slug] = make.make_membership(account, club, name).id
    return person


def membership(person: Person, slug: str) -> Membership:
    """The row of a membership, read again."""
    found = db.session.get(Membership, person.memberships[slug], populate_existing=True)
    assert found is not None
    return found
