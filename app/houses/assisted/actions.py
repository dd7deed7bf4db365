"""Verbs of help at the desk: the team offers it and goes out, the person comes in, acts are noted, it ends."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from app.accounts.actions import ASSISTED, Entry, begin_session, end_present
from app.accounts.budgets import Asker
from app.accounts.cards.actions import WrongCard, prove_card, take_card
from app.accounts.models import Account
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now, to_the_minute
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.ids import new_id, new_secret
from app.core.limits import Window, spend
from app.core.sealed import seal, unseal
from app.houses.assisted.models import Assistance, AssistedAct
from app.houses.assisted.policy import can_offer_help
from app.houses.assisted.queries import RECEIPT, mark_key, present_assistance
from app.houses.journal import note
from app.houses.queries import first_house_of_staff

OFFER = timedelta(minutes=10)
# Each is two lines of the journal that stay.
OFFERS = Window("assist", 30, 60)
MOST_ACTS = 500


@dataclass(frozen=True)
class Offer:
    """Who helps, and until when this browser may begin."""

    by: Actor
    house_id: str | None
    until: datetime


def open_offers(actor: Actor) -> None:
    """Raises NotFound for who is not of the team."""
    if not can_offer_help(actor):
        raise NotFound()


def offer_help(actor: Actor) -> str:
    """Somebody of the team turns the screen: their own session ends first. Returns what this browser keeps.

    Raises NotFound, TooMany.
    """
    open_offers(actor)
    spend(OFFERS, actor.account_id)
    with transaction():
        house_id = first_house_of_staff(actor)
        end_present(actor)
    until = now() + OFFER
    told = {"by": actor.account_id, "role": actor.role, "house": house_id, "until": until.isoformat()}
    return seal(json.dumps(told))


def read_offer(kept: str) -> Offer:
    """The offer that a browser kept. Raises NotFound for none, and for one that is over."""
    text = unseal(kept) if kept else None
    if text is None:
        raise NotFound()
    told = json.loads(text)
    until = datetime.fromisoformat(told["until"])
    if until <= now():
        raise NotFound()
    return Offer(Actor(told["by"], "", told["role"]), told["house"], until)


def begin_help(kept: str, number: str, words: str, asker: Asker) -> tuple[Entry, str]:
    """The person comes in with their card, for thirty minutes: the session, and the mark of the receipt.

    The journal says that somebody is helped, by whom of the team; neither whom nor where. Raises NotFound, Invalid,
    WrongCard, TooMany.
    """
    offer = read_offer(kept)
    proved = prove_card(number, words, asker)
    mark = new_secret()
    with transaction():
        helper = db.session.get(Account, offer.by.account_id)
        if helper is None or helper.role == "member" or helper.locked_at is not None:
            raise NotFound()
        account, _once = take_card(proved)
        if account.role != "member":
            raise WrongCard()
        entry = begin_session(account, True, asker.device, way="assisted", assisted_by=helper.id)
        row = Assistance(
            id=new_id(),
            account_id=account.id,
            session_id=entry.session_id,
            mark_hash=mark_key(mark),
            by_id=offer.by.account_id,
            by_role=offer.by.role,
            house_id=offer.house_id,
            began_at=now(),
            expires_at=now() + ASSISTED,
        )
        db.session.add(row)
        note("assisted:began", offer.by, house_id=offer.house_id)
        jobs.enqueue("assisted:end", {"assistance": row.id}, row.expires_at)
    return entry, mark


def note_act(actor: Actor, kind: str) -> None:
    """Something was done in an assisted session: its kind and its minute, for the person's own receipt."""
    with transaction():
        # Two acts at once have each their own rank.
        row = present_assistance(actor, held=True)
        if row is None:
            return
        done = select(func.count()).where(AssistedAct.assistance_id == row.id)
        rank = int(db.session.scalar(done) or 0) + 1
        if rank <= MOST_ACTS:
            db.session.add(AssistedAct(assistance_id=row.id, rank=rank, kind=kind, at=to_the_minute(now())))


def end_help(actor: Actor) -> None:
    """The person has finished: the session ends. Raises NotFound for a session in which nobody helps."""
    with transaction():
        row = present_assistance(actor)
        if row is None:
            raise NotFound()
        close(row)
        end_present(actor)


def close(row: Assistance) -> None:
    """Write an assisted session down as ended, inside the present transaction; once."""
    if row.ended_at is None:
        row.ended_at = now()
        note("assisted:ended", Actor(row.by_id, "", row.by_role), house_id=row.house_id)
        jobs.enqueue("assisted:forget", {"assistance": row.id}, now() + RECEIPT)


def forget_receipt(mark: str) -> None:
    """The receipt is printed, or nobody wants it: what was done is forgotten at once."""
    with transaction():
        row = db.session.scalars(select(Assistance).where(Assistance.mark_hash == mark_key(mark))).first()
        if row is not None and (row.ended_at is not None or row.expires_at <= now()):
            close(row)
            db.session.flush()
            db.session.execute(delete(Assistance).where(Assistance.id == row.id))
