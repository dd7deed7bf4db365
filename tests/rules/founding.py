"""What the rights table needs of clubs that are being founded: a proposal of one's own, a yes of one's own, a code."""

from collections.abc import Callable
from typing import Any

from app.clubs.founding import actions, backing
from app.clubs.founding.models import Proposal
from app.clubs.founding.plants import held_for
from app.clubs.founding.queries import code_of, own_proposal, yeses_of
from app.core.db import db, transaction
from tests.rooms.places import house
from tests.support import factories as make
from tests.support.cast import Person, make_person

# Near Tilleul, so that there is something to show first.
IDEA = actions.Idea("Plus de 45 ans", "On se remet en route.", ["fr"], "here", "canal")
RULES = actions.Rules("none", "on_request", "joining", "On écoute.")
NOTHING = {"held": "aulne", "own_yes": "a" * 26, "hidden_request": "a" * 26}


def prepare() -> tuple[dict[str, str], dict[str, Person | None]]:
    """A proposal that waits for the team, the code and the founder of one that waits for people, who said yes to it."""
    sent = _sent(make_person("quim"))
    rosa, saul = make_person("rosa"), make_person("saul")
    _drafted(rosa)
    backing.say_yes(saul.actor, _code(rosa), "Saül")
    known = {"proposal": sent.id, "founding_code": _code(rosa), "own_yes": yeses_of(saul.actor)[0].backer.id}
    return known, {"founder": rosa, "backer": saul}


def _drafted(person: Person) -> Proposal:
    actions.found_club(person.actor, IDEA)
    proposal = actions.choose_door(person.actor, RULES)
    return actions.choose_plant(person.actor, held_for(proposal_id=proposal.id)[0].slug, "ring", "sage")


def _code(person: Person) -> str:
    return code_of(own_proposal(person.actor))


def _backed(person: Person) -> Proposal:
    proposal = _drafted(person)
    for number in (1, 2):
        backing.say_yes(make_person(f"{person.key}-{number}").actor, _code(person), f"Voix {number}")
    return proposal


def _sent(person: Person) -> Proposal:
    _backed(person)
    return actions.send_proposal(person.actor, "Qui propose", "")


def _said_yes(person: Person) -> dict[str, str]:
    founder = make_person(f"{person.key}-0")
    _drafted(founder)
    backing.say_yes(person.actor, _code(founder), "Qui dit oui")
    return {"own_yes": yeses_of(person.actor)[0].backer.id}


def _held(person: Person) -> dict[str, str]:
    proposal = _drafted(person)
    return {"held": held_for(proposal_id=proposal.id)[1].slug}


def _ask_hidden(person: Person) -> dict[str, str]:
    """They asked to enter a club that has turned discreet meanwhile."""
    with transaction():
        club = make.make_club("jacaranda", house("canal"), "discreet", hue="rose")
        account = db.session.get_one(make.Account, person.account_id)
        return {"hidden_request": make.make_membership(account, club, "Qui attend", began_at=None).id}


def _before(act: Callable[[Person], object]) -> Callable[[Any, Any, str], dict[str, str]]:
    """Done by whoever may: a member of some club or none, whatever it is to Tilleul."""

    def first(stage: Any, _client: Any, role: str) -> dict[str, str]:
        person = stage.people[role]
        if person is None or person.role != "member":
            return NOTHING
        with stage.app.app_context():
            found = act(person)
        return {**NOTHING, **(found if isinstance(found, dict) else {})}

    return first


FIRST = {
    "found_draft": _before(_held),
    "found_backed": _before(_backed),
    "found_sent": _before(_sent),
    "said_yes": _before(_said_yes),
    "ask_hidden": _before(_ask_hidden),
}
