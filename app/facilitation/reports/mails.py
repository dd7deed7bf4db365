"""Who is written to when a message is reported: whoever may decide now. A mail names no club, and no reason."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.accounts.notices import notify
from app.clubs.models import Club, Membership
from app.core.db import db
from app.facilitation.models import Report
from app.facilitation.reports.queries import deciding_leads
from app.houses.queries import team_of
from app.messaging.models import Message

# Several reports about one quarrel make one mail.
GATHER = timedelta(minutes=10)


def tell_who_decides(report: Report, club: Club) -> None:
    """In the transaction of the report: the leads whom it does not concern; the team for a danger, or without them."""
    subject = _l("Une décision vous attend")
    leads = deciding_leads(report)
    for account_id in leads:
        notify(account_id, "request", subject, "reported", path="/", delay=GATHER, once=True)
    if report.danger or not leads:
        # One of them may have written it, on a visit.
        message = db.session.get_one(Message, report.message_id)
        author = db.session.get_one(Membership, message.membership_id).account_id
        for account_id in [one for one, _name in team_of([club.house_id]) if one != author]:
            notify(account_id, "team", subject, "reported", path="/desk")
