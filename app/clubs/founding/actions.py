"""What the founder does: say which club, choose its door, its rules, its plant and its tile, find two others, send."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from app.accounts.notices import notify
from app.clubs.consent import CONSENT_VERSION
from app.clubs.founding.codes import LIFE, code_key, new_code
from app.clubs.founding.models import FOUNDER, Backer, Proposal
from app.clubs.founding.plants import count_draw, draw_plants, held_for
from app.clubs.founding.policy import can_found_club
from app.clubs.founding.queries import OTHERS, backers_of, others_of, own_proposal, proposal_of
from app.clubs.models import DOORS, HUES, TILES
from app.clubs.names import checked_name, name_key
from app.config import LOCALES
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import constraint_of, db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, Taken
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.core.sealed import seal
from app.houses.queries import list_houses
from app.web.forms import checked, clean_line, clean_text

MAX_NAME, MAX_SENTENCE, MAX_NOTE = 80, 200, 500
LEAST_NAME = 3
MAX_RULES, MAX_RULE = 8, 160
# A draft that nobody touches ends.
DRAFT_LIFE = timedelta(days=14)
FORMATS = ("here", "both", "online", "outside")
STEP = Window("founding-step", 120, 60)
# A new code ends the one before: somebody could wear them all out.
NEW_CODE = Window("founding-new-code", 10, 60 * 24)


@dataclass(frozen=True)
class Idea:
    """Step 1. house: its slug; empty for the only one."""

    name: str
    sentence: str
    languages: Sequence[str]
    format: str
    house: str = ""


@dataclass(frozen=True)
class Rules:
    """Step 2. charter: one rule a line."""

    kit: str
    door: str
    history: str
    charter: str


def found_club(actor: Actor, idea: Idea) -> Proposal:
    """Begin a proposal, or say otherwise which club it is for; a person has one at a time, and few a month."""
    if not can_found_club(actor):
        raise staff_founds_no_club()
    spend(STEP, actor.account_id)
    said = _checked_idea(idea)
    try:
        with transaction():
            known = proposal_of(actor)
            if known is not None:
                with _changing(actor) as proposal:
                    _put(proposal, said)
                return proposal
            return _begin(actor, said)
    except IntegrityError as error:  # the same person, from two browsers, in the same instant
        raise Taken("proposal_begun", _l("Vous avez déjà une proposition. Reprenez-la.")) from error


def choose_door(actor: Actor, rules: Rules, *, on: bool = True) -> Proposal:
    """Who may enter, what a newcomer reads, what the club agrees on. on: go on to the plants, which are drawn now."""
    spend(STEP, actor.account_id)
    charter = checked_charter(rules.charter)
    if rules.door not in DOORS:
        raise Invalid("door_unknown", _l("Choisissez qui peut entrer."), field="door")
    if rules.history not in ("all", "joining"):
        raise Invalid("history_unknown", _l("Choisissez une réponse."), field="history")
    with transaction():
        with _changing(actor) as proposal:
            proposal.kit, proposal.door = rules.kit[:12], rules.door
            proposal.history, proposal.charter = rules.history, charter
        if on:
            draw_plants(proposal_id=proposal.id)
        return proposal


def choose_plant(actor: Actor, plant: str, tile: str, hue: str) -> Proposal:
    """One of the three names held for this proposal, and a tile."""
    spend(STEP, actor.account_id)
    with transaction(), _changing(actor) as proposal:
        if plant not in [held.slug for held in held_for(proposal_id=proposal.id)]:
            raise Invalid("plant_unknown", _l("Choisissez un des trois noms."), field="plant")
        check_tile(tile, hue)
        proposal.plant, proposal.tile, proposal.hue = plant, tile, hue
        if not proposal.code_hash:
            _give_code(proposal)
    return proposal


def renew_code(actor: Actor) -> None:
    """A new code; the one before opens nothing any more. Who has said yes has said it."""
    spend(NEW_CODE, actor.account_id)
    with transaction(), _changing(actor) as proposal:
        _give_code(proposal)


def keep_word(actor: Actor, name: str, note: str) -> Proposal:
    """Keep what the founder wrote at the last step, to come back to it."""
    return _stand(actor, name, note, CONSENT_VERSION, send=False)


def send_proposal(actor: Actor, name: str, note: str, consent_version: str = CONSENT_VERSION) -> Proposal:
    """Send the proposal to the team, once two other people have said yes to it as it is."""
    return _stand(actor, name, note, consent_version, send=True)


def recall_proposal(actor: Actor) -> None:
    """Take the proposal back from the team, to change it."""
    with transaction():
        proposal = own_proposal(actor, lock=True)
        proposal.sent_at, proposal.touched_at = None, now()


def discard_proposal(actor: Actor) -> None:
    """Drop the proposal; the names held for it are free again, and nothing of it is kept."""
    with transaction():
        db.session.delete(own_proposal(actor, lock=True))


def tell(account_id: str | None) -> None:
    """Something waits for somebody: the mail says neither what nor for which club."""
    if account_id is None:  # left for good, and nobody has seen it yet
        return
    notify(account_id, "request", _l("Du nouveau pour vous"), "proposal", path="/", once=True)


def staff_founds_no_club() -> NotAllowed:
    return NotAllowed("staff_founds_no_club", _l("Un compte de l’équipe ne propose pas de club."))


def checked_charter(text: str) -> list[str]:
    """The rules of a charter, one a line. Raises Invalid."""
    lines = [line.strip(" \t-–•") for line in str(clean_text(text)).split("\n")]
    rules = [line for line in lines if line]
    if not rules:
        raise Invalid("charter_empty", _l("Écrivez au moins une règle."), field="charter")
    if len(rules) > MAX_RULES:
        raise Invalid("charter_too_long", _l("C’est trop : 8 règles au plus."), field="charter")
    if any(len(rule) > MAX_RULE for rule in rules):
        raise Invalid("rule_too_long", _l("Une règle est trop longue : 160 signes au plus."), field="charter")
    return rules


def check_tile(tile: str, hue: str) -> None:
    """A shape and a colour that exist. Raises Invalid."""
    if tile not in TILES:
        raise Invalid("tile_unknown", _l("Choisissez un carreau."), field="tile")
    if hue not in HUES:
        raise Invalid("hue_unknown", _l("Choisissez une couleur."), field="hue")


def add_backer(proposal: Proposal, account_id: str, position: int, name: str) -> Backer:
    """Put somebody behind a proposal, under a name that no other of the three bears. Raises Invalid, Taken."""
    chosen = checked_name(name)
    backer = Backer(
        id=new_id(),
        proposal_id=proposal.id,
        account_id=account_id,
        position=position,
        name=chosen,
        name_key=name_key(chosen),
        consent_version=CONSENT_VERSION,
        seen=proposal.seen,
        said_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(backer)
    except IntegrityError as error:
        if "name_key" not in constraint_of(error):
            raise
        raise name_taken() from error
    return backer


def name_taken() -> Taken:
    return Taken("name_taken", _l("Ce nom est trop proche d’un autre dans ce club. Prenez-en un autre."), field="name")


def consent_changed() -> DomainError:
    return DomainError("consent_changed", _l("Le texte de l’accord a changé. Relisez-le."), status=409, field="consent")


def _checked_idea(idea: Idea) -> Idea:
    name, sentence = (str(clean_line(text.encode("utf-8", "ignore").decode())) for text in (idea.name, idea.sentence))
    if not LEAST_NAME <= len(name) <= MAX_NAME:
        raise Invalid("name_invalid", _l("Écrivez un nom, de 3 à 80 signes."), field="name")
    if not 0 < len(sentence) <= MAX_SENTENCE:
        raise Invalid("sentence_invalid", _l("Écrivez une phrase, de 200 signes au plus."), field="sentence")
    languages = [code for code in LOCALES if code in idea.languages]
    if not languages:
        raise Invalid("languages_empty", _l("Choisissez au moins une langue."), field="languages")
    if idea.format not in FORMATS:
        raise Invalid("format_unknown", _l("Choisissez où le club se retrouve."), field="format")
    return Idea(name, sentence, languages, idea.format, _house(idea.house))


def _house(slug: str) -> str:
    houses = list_houses()
    found = [house.id for house in houses if house.slug == slug] if slug else [house.id for house in houses[:1]]
    if not found:
        raise Invalid("house_unknown", _l("Choisissez une maison."), field="house")
    return found[0]


def _put(proposal: Proposal, said: Idea) -> None:
    proposal.name, proposal.sentence = said.name, said.sentence
    proposal.languages, proposal.format, proposal.house_id = list(said.languages), said.format, said.house


def _begin(actor: Actor, said: Idea) -> Proposal:
    count_draw("person", actor.account_id)
    moment = now()
    proposal = Proposal(
        id=new_id(), account_id=actor.account_id, kit="", history="joining", charter=[], note="",
        begun_at=moment, touched_at=moment,
    )  # fmt: skip
    _put(proposal, said)
    db.session.add(proposal)
    db.session.flush()
    jobs.enqueue("founding:end_draft", {"proposal": proposal.id}, moment + DRAFT_LIFE)
    return proposal


@contextmanager
def _changing(actor: Actor) -> Iterator[Proposal]:
    """The actor's draft, to change; who had said yes to what it was is told that there is something to read."""
    proposal = own_proposal(actor, lock=True)
    if proposal.sent_at is not None:
        raise sent_already()
    before = proposal.seen
    agreed = others_of(proposal)
    yield proposal
    proposal.touched_at = now()
    if proposal.seen != before:
        for one in agreed:
            tell(one.account_id)


def sent_already() -> DomainError:
    detail = _l("Votre proposition est chez l’équipe. Reprenez-la pour la changer.")
    return DomainError("proposal_sent", detail, status=409)


def _give_code(proposal: Proposal) -> None:
    code = new_code()
    proposal.code_hash, proposal.code_sealed, proposal.code_until = code_key(code), seal(code), now() + LIFE


def _stand(actor: Actor, name: str, note: str, consent_version: str, *, send: bool) -> Proposal:
    spend(STEP, actor.account_id)
    if consent_version != CONSENT_VERSION:
        raise consent_changed()
    word = checked(note, "note", MAX_NOTE, lines=True)
    with transaction():
        with _changing(actor) as proposal:
            proposal.note = word
            if name or send:
                _name_founder(proposal, name)
        if send:
            _send(proposal)
        return proposal


def _name_founder(proposal: Proposal, name: str) -> None:
    for one in backers_of(proposal):
        if one.position == FOUNDER:
            db.session.delete(one)
    db.session.flush()
    add_backer(proposal, proposal.account_id, FOUNDER, name)


def _send(proposal: Proposal) -> None:
    if proposal.door is None or proposal.plant is None:
        raise Invalid("proposal_unfinished", _l("Il reste une étape à finir, avant celle-ci."))
    missing = OTHERS - len(others_of(proposal))
    if missing > 0:
        raise Invalid(
            "others_missing", _l("Un club commence à trois : attendez que les deux autres personnes disent oui.")
        )
    proposal.sent_at, proposal.reason = now(), None
