"""A discreet club and a club that does not exist take the same path, at every door that can name one.

The rights table is walked: each of its rows that names the club Tilleul, or something of it, is asked again after
Tilleul has turned discreet, by everybody who is outside, beside the same call for what was made up: the same status,
bytes, headers, and the same statements in the database. A row or an address that nobody has sorted fails.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app.clubs.consent import CONSENT_VERSION
from app.clubs.doors.actions import Change, change_door, prepare_door
from app.clubs.founding.plants import held_for
from app.core import realtime
from app.core.clock import now
from app.core.db import db
from app.core.ids import ID
from app.facilitation.pauses.actions import pause_member
from tests.rules.first import a_lead_is_meant
from tests.rules.stage import PLACEHOLDER, Stage, told
from tests.rules.test_rights import READS, ROWS, name_of
from tests.support import clients, databases
from tests.support.application import make_app
from tests.support.cast import Person, make_person
from tests.support.queries import Queries, counted

OUTSIDE = ("visitor", "other", "former", "elsewhere", "facilitator", "manager")
STAFF = ("facilitator", "manager")
# What stands in an address or a form, and is of the club: each is asked beside something made up in the same shape.
OF_CLUB = {
    "begun_meeting", "goal", "over_session", "resting_session", "session",
    "about_lead", "archive", "asked_session", "ballot", "closed_ballot", "drawn_ballot", "proposed_ballot",
    "by_lead", "claim", "decision", "desk_asked", "desk_given", "help",
    "hidden_request", "hideable", "invitation", "invitation_link", "lead_ship", "member_ship", "mine", "objection",
    "offer", "open_claim", "planned", "paused_ship",
    "poll", "poll_date", "report", "request", "series", "series_claim", "swap_in", "evening_claim",
    "decided", "free_thing", "point", "thing",
    "done_task", "free_task", "swap_out", "task", "theirs", "thread", "urgent", "visit", "waiting",
}  # fmt: skip
# What is of no club, of one's own, or of a club that is listed; or a claim's page at the door, which is the same for
# whatever is no claim (see rooms/test_presence_pages.py).
OF_NO_CLUB = {
    "advice", "advice_day", "adviser", "adviser_code", "booked_advice", "partner", "partner_link", "sheet",
    "shelf_link", "slip", "hidden_sheet", "shelf_paper",
    "begun", "calendar_secret", "call", "card", "closure", "code", "consent", "credential", "denis", "device",
    "door_letters", "elsewhere", "founding_code", "held", "letters", "manager_key", "names", "number", "own_key",
    "own_passkey", "own_session", "own_yes", "parked", "proposal", "slot", "stop", "taken_slot", "their_key",
    "their_passkey", "their_session", "tomorrow", "urgent_read", "uuid", "window", "words",
    "import", "import_plan",
    "draw_week", "drawn_week", "far_evening", "rule", "scarce",
    "other_slot", "rest_day",
    "free_offer", "listener_offer", "rehearsal", "tomorrow_day",
    "poll_day", "poll_end",
    "grid", "grid_secret",
}  # fmt: skip
# What the team handles knows of the club by its plant name: reports that are dangers, what leads ask, visits, the desk.
FOR_STAFF = {
    "asked_session", "decision", "desk_asked", "desk_given", "help", "by_lead", "about_lead", "objection", "report",
    "urgent", "visit",
}  # fmt: skip
BY_PLANT = ("break_glass.", "invitations.ask_for_somebody", "draw.type_wishes", "draw.declare_split", "behalf.")
# What hangs on a wall is gone with the door: for its own members too.
CLOSED_TO_ALL = {"meetings.show_poster GET"}
# Addresses whose slug or id is of no club; one reason each.
NOT_OF_A_CLUB = {
    "/static/": "files of the interface",
    "/houses/": "a house is public",
    "/api/v1/houses/": "a house is public",
    "/account/": "one's own devices and keys",
    "/api/v1/tokens/": "one's own keys",
    "/calendar/": "one's own agenda, by a secret that names no club",
    "/partners/": "a partner of the house",
    "/shelf/": "what the house shows to everybody",
    "/advice/": "an hour of a partner",
    "/rehearsals/": "a quarter of an hour between two people, whose clubs it does not know",
    "/grids/": "one's own notes, or those that a secret link shows",
    "/mails/": "one's own mails, by a sealed token",
    "/desk/jobs/": "the clock of the house",
    "/desk/slots/": "a slot of the house, which nobody has yet",
    "/desk/claims/": "rooms as the team sees them, by their door words",
    "/claims/<claim_id>/here": "the same page at every address; compared in rooms/test_presence_pages.py",
    "/setup/": "a house that is not open yet",
    "/proposals/": "no club yet",
    "/clubs/found/": "no club yet",
}
# Not there: addresses at which other programs look for what may be listed.
ABSENT = ("/robots.txt", "/sitemap.xml", "/clubs/tilleul/feed.xml", "/clubs/tilleul/calendar.ics", "/club/tilleul")
ABSENT_ROWS = [{"at": f"absent{n} GET", "path": path, "may": {}} for n, path in enumerate(ABSENT)]
MADE_UP = "a" * 26
# Clubs by whose address the table asks; all of them stand for the one that turns discreet.
CLUBS = re.compile("tilleul|romarin|jacaranda")


def named(row: dict[str, Any]) -> set[str]:
    return set(PLACEHOLDER.findall(f"{row.get('path', '')} {row.get('send', '')}"))


def names_the_club(row: dict[str, Any]) -> bool:
    told_of = f"{row.get('path', '')} {row.get('send', '')}"
    return bool(named(row) & OF_CLUB) or CLUBS.search(told_of) is not None


COMPARED = [row for row in ROWS if names_the_club(row)]
WEB = [row for row in COMPARED if not row["at"].startswith("socket ")]
LIVE = [row for row in COMPARED if row["at"].startswith("socket ")]


class House:
    """Tilleul after it turned discreet, with everything in it; who is outside, each with a browser and a key."""

    def __init__(self) -> None:
        self.app = make_app(databases.new_database("sqlite"), LIMIT_FACTOR=10_000)
        self.stage = stage = Stage(self.app)
        with self.app.test_request_context():
            mona = make_person("mona", glycine="Mona")
            until = now() + timedelta(days=3)
            pause_member(stage.cast.chloe.actor, mona.memberships["glycine"], until, "1", "Trois messages durs.")
            meant = a_lead_is_meant(stage, None, "x")
            self.slug, self.name, self.plant = self._hide()
        self.people: dict[str, Person | None] = {**stage.people, "elsewhere": mona}
        self.known = {**stage.known, **meant, "consent": CONSENT_VERSION, "hidden_request": stage.known["request"]}
        self.browsers = {role: self._browser(role) for role in (*OUTSIDE, "member", "lead")}

    def _hide(self) -> tuple[str, str, str]:
        bruno = self.stage.cast.bruno.actor
        prepare_door(bruno, "tilleul", "discreet")
        plant = held_for(club_id=self.stage.cast.clubs["tilleul"])[0].slug
        club = change_door(bruno, "tilleul", Change("discreet", "open", plant, "star", "night"))
        db.session.rollback()
        return club.slug, club.name, club.plant

    def _browser(self, role: str) -> tuple[Any, Any, str]:
        person = self.people[role]
        page = self.app.test_client()
        if person is not None:
            page.set_cookie("session", clients.client_of(self.app, person).get_cookie("session").value)
        token = re.search(r'name="csrf-token" content="([^"]+)"', page.get("/help").get_data(as_text=True))
        assert token is not None
        page.get("/help")
        return page, clients.api_of(self.app, person) if person else self.app.test_client(), token[1]

    def names(self, role: str) -> dict[str, str]:
        written = self.stage.written
        mine = written[role if role in ("former", "lead") else "member"]
        theirs = written["member" if role == "lead" else "lead"]
        return {**dict.fromkeys(OF_NO_CLUB, MADE_UP), **self.known, "mine": mine, "theirs": theirs}

    def ways(self, row: dict[str, Any], role: str) -> list[dict[str, str]]:
        """What to put in the row's address: what is there, what was there under its old name, what never was."""
        real, slug = self.names(role), self.slug
        made_up = {name: self.made_up(value) if name in OF_CLUB else value for name, value in real.items()}
        told_of = f"{row.get('path', '')} {row.get('send', '')}"
        # One outsider is enough to see that an old address is as good as none.
        old = role == "former" and row["at"].endswith(" GET") and "tilleul" in told_of
        retired = [{**made_up, "slug": "tilleul"}] if old else []
        return [{**real, "slug": slug}, {**made_up, "slug": "neverwas"}, *retired]

    def made_up(self, value: str) -> str:
        return MADE_UP if ID.fullmatch(value) else value

    def ask(self, row: dict[str, Any], role: str, names: dict[str, str]) -> Any:
        method = row["at"].split()[1]
        path, sent = told(self.placed(row["path"]), names), told(self.placed(row.get("send", {})), names)
        page, api, token = self.browsers[role]
        json_door = path.startswith("/api/")
        if method not in READS and not json_door:
            sent = {"csrf_token": token, **sent}
        body = {} if method in READS else ({"json": sent} if json_door and sent else {"data": sent})
        return (api if json_door else page).open(path, method=method, **body)

    def placed(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.placed(each) for key, each in value.items()}
        return CLUBS.sub("{slug}", value) if isinstance(value, str) else value

    def told(self, row: dict[str, Any], role: str, names: dict[str, str], queries: Queries) -> Any:
        """All that an outsider can learn from one call, without what they sent themselves."""
        queries.clear()
        answer = self.ask(row, role, names)
        statements = list(queries)
        ids = sorted({names["slug"], *(names[each] for each in named(row) & OF_CLUB)}, key=len, reverse=True)
        blank = re.compile("|".join(map(re.escape, ids)))
        headers = [(k, blank.sub("ID", v)) for k, v in answer.headers if k not in ("Set-Cookie", "Content-Length")]
        cookies = [cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")]
        body = re.sub(r'(csrf[-_]token" (?:content|value)=)"[^"]+"', r"\1", answer.get_data(as_text=True))
        return answer.status_code, headers, cookies, blank.sub("ID", body), statements


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    # One moment for all: a clock that goes on would tell two pages apart.
    with time_machine.travel(now(), tick=False):
        found = House()
        yield found
    databases.close(found.app)


def skipped(row: dict[str, Any], role: str) -> bool:
    """Where somebody rightly knows: who bears the secret of an invitation, and the team of what it handles.

    Who is on pause elsewhere only reads: a chosen half, for the sake of time, beside another member who does all.
    """
    if "invitation_word" in named(row):
        return True
    if role == "elsewhere" and not row["at"].endswith(READS):
        return True
    handles = named(row) & FOR_STAFF or row["at"].startswith(BY_PLANT)
    return role in STAFF and bool(handles)


# How many calls each outsider makes at least: a table that is read wrongly would compare nothing.
LEAST = {"elsewhere": 80}


def test_the_two_kinds_of_staff_are_one_to_a_club() -> None:
    """So that it is enough to ask as one of them."""
    rows = [row for row in WEB if not skipped(row, "facilitator")]
    assert [name_of(row) for row in rows if row["may"]["manager"] != row["may"]["facilitator"]] == []


@pytest.mark.parametrize("role", [role for role in OUTSIDE if role != "manager"])
def test_from_outside_a_discreet_club_answers_as_one_that_does_not_exist(house: House, role: str) -> None:
    asked, differing = 0, []
    before = house.stage.rows()
    with counted(house.app) as queries:
        for row in [*WEB, *ABSENT_ROWS]:
            if skipped(row, role):
                continue
            heard = [house.told(row, role, names, queries) for names in house.ways(row, role)]
            asked += len(heard)
            differing += [(name_of(row), heard) for other in heard[1:] if other != heard[0]]
    assert [name for name, _heard in differing] == [], differing[:1]
    assert asked >= LEAST.get(role, 200)
    assert house.stage.rows() == before


def insiders(row: dict[str, Any]) -> list[str]:
    return [role for role in ("lead", "member", "facilitator", "manager") if row["may"].get(role, "404")[:3] != "404"]


def test_there_is_something_to_hide(house: House) -> None:
    """Each row opens to somebody inside; and of every page, who is inside reads other bytes than for a made-up one."""
    closed = [name_of(row) for row in WEB if not insiders(row)]
    assert len(closed) <= 6, closed
    seen = 0
    with counted(house.app) as queries:
        for row in WEB:
            role = next((role for role in ("lead", "member") if row["may"].get(role) == "yes"), None)
            if role and row["at"].endswith(" GET") and row["at"] not in CLOSED_TO_ALL:
                real, made_up = [house.told(row, role, names, queries) for names in house.ways(row, role)][:2]
                # Its archive is there already: the address where one asks for it leads to its page.
                there = row.get("first") == "no_archive"
                assert (real[0], made_up[0]) == (303 if there else 200, 404), name_of(row)
                assert not there or ("Location", f"/archives/{house.known['archive']}") in real[1]
                seen += 1
    assert seen >= 40


@pytest.mark.parametrize("role", ["visitor", "former"])
def test_no_page_names_it(house: House, role: str) -> None:
    """Every page that is about no club: none holds the name, the sign or the address of one that is not listed."""
    texts = []
    for row in ROWS:
        # The sheet of components has examples of its own, with a real name of the demo.
        if row["at"].endswith(" GET") and row not in COMPARED and row["at"] != "pages.components GET":
            answer = house.ask(row, role, {**house.names(role), "slug": ""})
            texts.append(answer.get_data().decode("utf-8", "replace"))
    inside = house.ask({"at": "x GET", "path": "/clubs/tilleul"}, "member", {"slug": house.slug}).get_data(as_text=True)
    wanted = [house.name, f"Club {house.plant}", f"/clubs/{house.slug}"]
    assert [word for word in wanted if word in inside] == wanted
    assert len(texts) >= 30
    assert [word for word in wanted for text in texts if word in text] == []


@pytest.mark.parametrize("role", [role for role in OUTSIDE if role != "visitor"])
def test_by_socket_too(house: House, role: str) -> None:
    """A visitor has no connection; everybody else hears the same of a club that is hidden and of one made up."""
    person, differing = house.people[role], []
    assert person is not None
    socket = realtime.socketio.test_client(house.app, auth={"token": clients.api_of(house.app, person).secret})
    assert socket.is_connected()
    assert len(LIVE) >= 4
    with counted(house.app) as queries:
        for row in LIVE:
            heard = []
            for names in house.ways(row, role):
                queries.clear()
                sent = told(house.placed(row["send"]), names)
                answer = socket.emit(row["at"].removeprefix("socket "), sent, callback=True)
                heard.append((answer, list(queries)))
            assert heard[0][0]["ok"] is False
            differing += [name_of(row) for other in heard[1:] if other != heard[0]]
    assert differing == []


def test_every_name_in_the_table_is_sorted() -> None:
    found = {name for row in ROWS for name in named(row)}
    assert found - OF_CLUB - OF_NO_CLUB - {"invitation_word"} == set()
    assert not OF_CLUB & OF_NO_CLUB


def test_every_address_that_names_something_is_compared(house: House) -> None:
    compared = {row["at"].split()[0] for row in WEB}
    naming = {
        rule.endpoint: rule.rule
        for rule in house.app.url_map.iter_rules()
        if rule.arguments and not rule.rule.startswith(tuple(NOT_OF_A_CLUB))
    }
    assert len(naming) >= 60
    assert {each: naming[each] for each in set(naming) - compared} == {}
