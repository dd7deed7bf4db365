"""The canary sings through the real door each minute, and nobody else can tell that it is there."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from sqlalchemy import func, select, update

from app.accounts.models import Token
from app.accounts.queries import speaker_by_token
from app.clubs.models import Change, Club, Membership
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import ClockJob
from app.facilitation.break_glass import queries as break_glass
from app.houses.models import House
from app.houses.queries import list_houses
from app.messaging.actions import Draft, post_message
from app.messaging.canary.actions import KEPT, Perch, forget_old, settle
from app.messaging.models import Message, Thread
from app.pages.desk.cues import look_at_clubs
from app.pages.desk.models import ClubCue, ClubSize
from app.pages.desk.sizes import measure_clubs
from tests.support import clients
from tests.support.cast import Cast
from tests.support.process import Server, free_port
from tests.support.waiting import wait_for


def ready(server: Server) -> dict[str, str]:
    told: dict[str, str] = requests.get(f"{server.url}/readyz", timeout=10).json()
    return told


def sing_again(server: Server) -> None:
    """The minute is over."""
    with server.app.app_context(), transaction():
        db.session.execute(update(ClockJob).where(ClockJob.name == "canary:sing").values(due_at=now()))


def test_it_is_heard_by_a_socket_and_its_age_is_told(start_server: Callable[..., Server]) -> None:
    admin = free_port()
    server = start_server(CANARY="on", ADMIN_PORT=admin)
    wait_for(lambda: ready(server)["canary_at"], "it is not heard")
    numbers = requests.get(f"http://127.0.0.1:{admin}/metrics", timeout=10).text
    said = {line.split()[0]: float(line.split()[1]) for line in numbers.splitlines() if line.startswith("pepiniere")}
    assert (said["pepiniere_posts_total"], said["pepiniere_pushes_total"]) == (2, 1)
    assert 0 <= said["pepiniere_canary_age_seconds"] < 60
    with server.app.app_context():
        assert (
            db.session.scalar(select(func.count()).select_from(Message)) == 2
        )  # the discussion's own, and what was heard
    sing_again(server)

    def twice() -> bool:
        with server.app.app_context():
            return db.session.scalar(select(func.count()).select_from(Message)) == 3

    wait_for(twice, "it sings once only")
    assert nothing_is_seen(server) == []
    assert server.said() == ""


def nothing_is_seen(server: Server) -> list[str]:
    """Where the canary's place shows: every list, page and feed that names a club or a house, to everybody."""
    with server.app.app_context():
        club = db.session.scalars(select(Club).join(House).where(House.slug == "~service")).one()
        ids = (club.id, club.slug, club.plant, club.plant.capitalize(), "~service", club.house_id)
    people = (server.cast.bruno, server.cast.denis, server.cast.elise)
    browsers = [clients.visitor(server.app), *(clients.client_of(server.app, person) for person in people)]
    paths = (
        "/", "/clubs", f"/clubs/{club.slug}", "/needs", "/legal", "/privacy", "/desk", "/desk/clubs", "/agenda",
        "/account", "/api/v1/clubs", "/api/v1/houses", "/api/v1/houses/~service/slots", "/houses/~service/slots",
        "/houses/~service/feed.xml", "/houses/~service/calendar.ics", "/sitemap.xml",
    )  # fmt: skip
    read = [(path, browser.get(path, follow_redirects=True)) for path in paths for browser in browsers]
    assert sum(answer.status_code == 200 for _path, answer in read) > len(paths)
    return [path for path, answer in read if answer.status_code == 200 and any(each in answer.text for each in ids)]


@pytest.fixture
def perch(context: None, cast: Cast) -> Perch:
    found = settle()
    assert found is not None
    return found


def test_a_house_that_is_still_empty_has_none(context: None) -> None:
    assert (settle(), db.session.scalar(select(func.count()).select_from(House))) == (None, 0)


def test_it_is_made_once_and_its_old_keys_end(perch: Perch) -> None:
    with transaction():
        db.session.execute(update(Token).values(created_at=now() - 2 * KEPT))
    again = settle()
    assert again is not None
    assert (again.club_id, again.thread) == (perch.club_id, perch.thread)
    assert set(again.secrets).isdisjoint(perch.secrets)
    counted = [db.session.scalar(select(func.count()).select_from(each)) for each in (Token, Thread)]
    assert counted == [2, 1]


def test_two_machines_sing_in_turn(perch: Perch) -> None:
    other = settle()
    assert other is not None
    assert all(speaker_by_token(secret) for secret in (*perch.secrets, *other.secrets))


def test_no_list_of_the_team_nor_a_figure_knows_it(perch: Perch, cast: Cast) -> None:
    measure_clubs()
    look_at_clubs()
    assert [house.slug for house in list_houses()] == ["canal", "port"]
    assert set(db.session.scalars(select(ClubSize.club_id))) == set(cast.clubs.values())
    assert perch.club_id not in set(db.session.scalars(select(ClubCue.club_id)))
    assert perch.club_id not in {club.id for club in break_glass.clubs_for(cast.elise.actor)}


def test_what_it_said_an_hour_ago_is_erased(perch: Perch) -> None:
    who = db.session.scalars(select(Membership).where(Membership.club_id == perch.club_id)).first()
    actor = Actor(str(who.account_id), "token:x", "member")
    for _ in range(3):
        post_message(actor, perch.thread, Draft(str(uuid.uuid4()), "."))
    early = now() - KEPT - timedelta(seconds=1)
    with transaction():
        db.session.execute(update(Message).where(Message.seq <= 4).values(posted_at=early))
        db.session.execute(update(Change).where(Change.seq <= 4).values(at=early))
    forget_old(perch)
    kept = select(Message.seq).where(Message.club_id == perch.club_id)
    rows = select(Change.seq).where(Change.club_id == perch.club_id)
    assert (db.session.scalars(kept).all(), db.session.scalars(rows).all()) == ([5], [5])
    assert db.session.scalar(select(Club.log_from).where(Club.id == perch.club_id)) == 5
