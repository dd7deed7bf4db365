"""What a person takes away of their rehearsals, and what the other is told when they leave for good."""

from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from app.accounts.notices import notify
from app.core.clock import now
from app.core.db import db
from app.core.privacy import Rows, declare, keep_back, take_away
from app.houses.models import House
from app.practice.models import PracticeOffer, Rehearsal


def tell_the_others(account_id: str) -> None:
    """Whoever had a rehearsal ahead with who leaves learns that it does not take place, and nothing else."""
    of_two = or_(Rehearsal.asker_id == account_id, Rehearsal.listener_id == account_id)
    ahead = select(Rehearsal, House.timezone).join(PracticeOffer, PracticeOffer.id == Rehearsal.offer_id)
    ahead = ahead.join(House, House.id == PracticeOffer.house_id)
    rows = db.session.execute(ahead.where(of_two, Rehearsal.cancelled_at.is_(None), Rehearsal.starts_at > now()))
    for row, zone in rows.all():
        other, start = row.listener_id if row.asker_id == account_id else row.asker_id, row.starts_at
        local, subject = start.astimezone(ZoneInfo(zone)), _l("Un rendez-vous n’a plus lieu")
        notify(other, "request", subject, "rehearsal_cancelled", path="/rehearsals", until=start, start=local)


def rehearsal_rows(account_id: str) -> Rows:
    """When one rehearsed or listened, and under which name. The other's name is theirs."""
    asked = select(Rehearsal.asker_name, Rehearsal.starts_at).where(Rehearsal.asker_id == account_id)
    heard = select(PracticeOffer.name, PracticeOffer.starts_at, PracticeOffer.ends_at)
    heard = heard.where(PracticeOffer.account_id == account_id)
    rows = [{"what": "rehearsed", "name": name, "start": start} for name, start in db.session.execute(asked)]
    offers = db.session.execute(heard)
    return [*rows, *({"what": "listened", "name": name, "start": start, "end": end} for name, start, end in offers)]


declare("practice_offer", "account_id", "when the person listens to who rehearses", erases=tell_the_others)
declare("rehearsal", "asker_id", "the job interviews that the person rehearses")
declare("rehearsal", "listener_id", "the rehearsals that the person listens to")
declare("practice_refusal", "account_id", "with whom the person would rather not rehearse again")
declare("practice_refusal", "other_id", "who would rather not rehearse with the person again")
take_away(
    "rehearsals", _l("Mes entretiens d’essai"), rehearsal_rows, ("practice_offer", "account_id"),
    ("rehearsal", "asker_id"),
)  # fmt: skip
keep_back("rehearsal", "listener_id", "the name and the choice of who rehearsed; one's own part is the offer")
keep_back("practice_refusal", "account_id", "it would lead to an account of somebody else; it goes with the account")
keep_back("practice_refusal", "other_id", "the choice of somebody else, of which nobody is told")
