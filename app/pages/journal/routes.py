"""The HTML door of the journal: reading, nothing else. Whoever writes to it does so by acting."""

from flask import Blueprint, render_template, request

from app.clubs.cards import plant_name
from app.clubs.queries import house_of, member_club_for
from app.pages.journal import queries
from app.web.filters import use_zone
from app.web.guard import actor
from app.web.reading import keeps

bp = Blueprint("journal", __name__)


@bp.get("/clubs/<slug>/journal")
@keeps(before="[0-9]{1,9}")
def show_club_journal(slug: str) -> str:
    """What the team and the leads did in a club, for its members."""
    club, _membership = member_club_for(actor(), slug)
    use_zone(house_of(club).timezone)
    page = queries.club_journal_for(actor(), club, _before())
    return render_template(
        "journal/show_club_journal.html", club=club, plant=plant_name(club), page=page, nav_current="clubs"
    )


@bp.get("/account/journal")
@keeps(before="[0-9]{1,9}")
def show_own_journal() -> str:
    """What was opened or decided about the reader."""
    page = queries.own_journal_for(actor(), _before())
    return render_template("journal/show_own_journal.html", page=page, nav_current="home")


@bp.get("/desk/journal")
@keeps(before="[0-9]{1,9}")
def show_staff_journal() -> str:
    """All of it, for the team of the houses where it happened."""
    houses, page = queries.staff_journal_for(actor(), _before())
    if houses:
        use_zone(houses[0].timezone)
    return render_template("journal/show_staff_journal.html", page=page, nav_current="journal")


def _before() -> int | None:
    given = request.args.get("before", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 9 else None
