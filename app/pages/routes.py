"""The pages that put several features together, and what every page knows."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.clubs import parts
from app.clubs.cards import cards_of, door_fact, format_fact, is_today, languages_fact, plant_name
from app.clubs.diary import diary
from app.clubs.founding.queries import proposal_of, yeses_of
from app.clubs.models import Club, Membership
from app.clubs.queries import (
    club_for,
    hidden_requests_of,
    house_of,
    leads_of,
    members_in,
    membership_of,
    memberships_of,
    own_requests_of,
    requests_of,
    visible_clubs,
    visitors_in,
    waiting_requests_for,
)
from app.clubs.shelf.queries import answers_for
from app.core.actor import Actor
from app.core.clock import now
from app.facilitation.pauses.queries import kept_out_for
from app.facilitation.reports.queries import unread_decisions_of
from app.meetings.paths.queries import session_for_club
from app.meetings.queries import agenda_for, upcoming_for_club
from app.messaging.beside import beside
from app.messaging.unread import MANY, threads_for, unread_threads_for, unread_total
from app.pages import components, queries
from app.pages.beside import next_meeting
from app.pages.context import page_context
from app.pages.desk.cues import TO_LEADS, cues_for_leads
from app.rooms.series.swap_queries import swaps_asked_of
from app.rooms.waiting.queries import offers_for
from app.web.filters import use_zone
from app.web.fragments import render_page
from app.web.guard import actor_or_none, public
from app.web.reading import keeps
from app.web.same_session import outbox_key

bp = Blueprint("pages", __name__)
bp.record(components.open_page)
SHOWN_FOR_ALL = 3
SHOWN_CLUBS = 12
SHOWN_THREADS = 50
diary.public = queries.open_meetings_by_club
diary.next_public = queries.next_open_meetings
beside.next_meeting = next_meeting


@bp.app_context_processor
def every_page() -> dict[str, Any]:
    """What no page has to give; the number of unread messages stands in the menu."""
    found = actor_or_none()
    return {**page_context(), "unread_total": unread_total(found) if found else 0}


@bp.get("/")
@public
def home() -> Any:
    """The house for a visitor; what waits for you when you are in."""
    found = actor_or_none()
    if found is None:
        return _home_of_visitor()
    if found.is_staff:
        return redirect(url_for("desk.show_desk"), 303)
    return _home_of_member(found)


def _home_of_visitor() -> str:
    clubs = visible_clubs(None, SHOWN_CLUBS + 1)
    shown = clubs[:SHOWN_CLUBS]
    coming = queries.open_meetings(limit=12)
    tonight = [one for one in coming if is_today(one.start)]
    return render_template(
        "pages/home_visitor.html",
        coming=tonight or coming[:SHOWN_FOR_ALL],
        tonight=tonight,
        cards=cards_of(shown, diary.next_public(shown)),
        more=len(clubs) > SHOWN_CLUBS,
    )


def _home_of_member(found: Actor) -> Response:
    mine, coming = memberships_of(found), agenda_for(found)
    return render_page(
        "pages/home_member.html",
        {"new": "pages/_new_for_you.html"},
        mine=mine,
        watched=[club.slug for club, _membership in mine],
        next=next((one for one in coming if one.answer != "no"), None),
        first_by_club={one.club.id: one.start for one in reversed(coming)},
        today=now(),
        threads=unread_threads_for(found),
        to_answer=waiting_requests_for(found),
        offered=offers_for(found),
        swaps=swaps_asked_of(found),
        asked=own_requests_of(found),
        decided=unread_decisions_of(found),
        hidden=hidden_requests_of(found),
        proposal=proposal_of(found),
        yeses=yeses_of(found),
        proposed=answers_for(mine),
        plant_name=plant_name,
    )


@bp.get("/help")
@public
def help() -> str:
    """Who answers, and the questions that people ask."""
    return render_template("pages/help.html")


@bp.get("/clubs/<slug>")
@public
@keeps(before="[0-9]{1,19}")
def show_club(slug: str) -> Any:
    """A club: its house for members, its door for the others."""
    found = actor_or_none()
    club = club_for(found, slug)
    own = membership_of(found, club.id)
    if found is None or own is None or not own.active:
        return _club_from_outside(found, club, own)
    return _club_from_inside(found, club, own)


def _club_from_outside(found: Actor | None, club: Club, own: Membership | None) -> str:
    held = kept_out_for(found, club) if found else None
    if held is not None:
        use_zone(house_of(club).timezone)
    return render_template(
        "clubs/show_club_outside.html",
        club=club,
        plant=plant_name(club),
        tags=[door_fact(club), languages_fact(club), format_fact(club)],
        own=own,
        asked=own if own is not None and own.began_at is None else None,
        kept_out=held,
        charter=[("check", rule) for rule in club.charter],
        meetings=queries.open_meetings(club, limit=6),
        apart=parts.parts_for(found, club, own, parts.paused) if found and own and own.paused else [],
        nav_current="clubs",
    )


def _waiting_for_leads(found: Actor, club: Club, own: Membership) -> int:
    """How many things the page of the leads asks for; more than nine is never shown."""
    asked = parts.parts_for(found, club, own, parts.below + parts.beside)
    return min(MANY, len(requests_of(club, limit=MANY)) + sum(part.waiting for part in asked))


def _club_from_inside(found: Actor, club: Club, own: Membership) -> Response:
    place, before = house_of(club), request.args.get("before", type=int)
    threads = threads_for(found, club, SHOWN_THREADS + 1, before)
    use_zone(place.timezone)
    return render_page(
        "clubs/show_club.html",
        {"talks": "clubs/_talks.html", "meetings": "clubs/_meetings.html", "visitors": "clubs/_visitors.html"},
        club=club,
        plant=plant_name(club),
        me=own,
        key=outbox_key(found, own.id),
        number=members_in(club),
        charter=[("check", rule) for rule in club.charter],
        leads=leads_of(club),
        visitors=visitors_in(club),
        place=place,
        meetings=upcoming_for_club(found, club),
        path=session_for_club(found, club),
        ahead=parts.parts_for(found, club, own, parts.ahead),
        kept=parts.parts_for(found, club, own, parts.kept),
        threads=threads[:SHOWN_THREADS],
        older=len(threads) > SHOWN_THREADS,
        newer=before is not None,
        requests=_waiting_for_leads(found, club, own) if own.leads else 0,
        cues=[TO_LEADS[kind] for kind in cues_for_leads(club)] if own.leads else [],
        nav_current="clubs",
    )
