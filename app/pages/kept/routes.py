"""The HTML door: what is kept of the person who asks."""

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from app.accounts.addresses import masked, opened
from app.accounts.passages import in_words, passages_for
from app.accounts.queries import account_for
from app.pages.kept.queries import Line, journal_lines_of, lines_for
from app.pages.kept.words import counted
from app.web.filters import day_long, hm, language_name, wall
from app.web.guard import actor

bp = Blueprint("kept", __name__)
SHOWN = 50


@bp.get("/account/kept")
def show_kept() -> str:
    """What we keep of one person, made from their own data; nothing of others, and no name of a club."""
    who = actor()
    account = account_for(who)
    lines = lines_for(who)
    return render_template(
        "kept/show_kept.html",
        account=account,
        sent_to=masked(opened(account.email_sealed)) if account.email_sealed else "",
        language=language_name(account.locale) if account.locale else "",
        rows=[_row(line, reached=bool(account.email_sealed)) for line in lines if line.counts],
        nothing=[line.kept.what for line in lines if not line.counts],
        journal=journal_lines_of(who),
        passages=[(_moment(one.at), in_words(one)) for one in passages_for(who, SHOWN)],
    )


def _row(line: Line, *, reached: bool) -> list[Any]:
    how_many = _(", ").join(counted(table, number) for table, number in line.counts.items())
    since = _year(line.since) if line.since else "–"
    until = str(line.kept.how_long if reached else line.kept.unreached or line.kept.how_long)
    if line.until:
        until = _("%(rule)s. Le plus ancien part après le %(day)s.", rule=until, day=_year(line.until))
    return [line.kept.what, how_many, since, until, line.kept.who]


def _year(moment: Any) -> str:
    here = wall(moment)
    return str(_("%(day)s %(year)s", day=day_long(here), year=here.year))


def _moment(moment: Any) -> str:
    return str(_("%(day)s, %(time)s", day=day_long(wall(moment)), time=hm(moment)))
