"""The screen of a door hangs in a corridor: who takes it, or its cookie, reads what the door shows and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.clubs.consent import CONSENT_VERSION
from tests.rules.stage import Stage, told
from tests.rules.test_rights import READS, WEB, name_of
from tests.support import databases
from tests.support.application import make_app
from tests.support.factories import PASSWORD
from tests.support.kiosks import device_cookie, door_of

# What costs no look at the cookie of a device, and shows nothing of the house: the way out, and the files of the pages.
AS_A_VISITOR = {"accounts.leave", "static_files.serve"}
ITS_OWN = {"door_screens.show_door GET", "door_screens.pair_door POST"}
ROWS = [row for row in WEB if row["at"] not in ITS_OWN and row["at"].split()[0] not in AS_A_VISITOR]


class MadeUp(dict[str, str]):
    """What a row names because the person did something before: a door did nothing."""

    def __missing__(self, name: str) -> str:
        return CONSENT_VERSION if name == "consent" else "a" * 26

    def __or__(self, other: Any) -> "MadeUp":
        return MadeUp({**self, **other})


MADE_UP = MadeUp()


# Led to its own page; led to the way in, which leads there; refused before anything else is asked.
REFUSED = {(303, "/door"), (303, "/sign-in"), (403, ""), (401, "")}


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Stage, str]]:
    app = make_app(databases.new_database("sqlite"), LIMIT_FACTOR=100_000)
    stage = Stage(app)
    yield stage, device_cookie(app, door_of(app, stage.cast.denis))
    databases.close(app)


def stored(stage: Stage) -> dict[str, Any]:
    """Everything that is stored, but for signs of life."""
    return {name: rows for name, rows in stage.rows().items() if name not in ("device", "login_session")}


def ask(client: Any, token: str, names: dict[str, str], row: dict[str, Any]) -> tuple[int, str]:
    method, json_door = row["at"].split()[1], row["path"].startswith("/api/")
    sent = told(row.get("send", {}), names)
    body = {} if method in READS else ({"json": sent} if json_door and sent else {"data": sent})
    answer = client.open(told(row["path"], names), method=method, headers={"X-CSRFToken": token}, **body)
    return answer.status_code, answer.headers.get("Location", "").partition("?")[0]


@pytest.mark.parametrize("role", ["visitor", "lead"])
def test_a_door_opens_its_page_and_nothing_else(house: tuple[Stage, str], role: str) -> None:
    """As a thief with nothing but the screen, and as somebody whose session stands beside its cookie."""
    stage, secret = house
    person, names = stage.page_client(role), MADE_UP | stage.names_for(role)
    token = person.token()
    # Not a client that reviews each page: it is one page three hundred times.
    client = stage.app.test_client()
    client.set_cookie("session", person.get_cookie("session").value)  # type: ignore[union-attr]
    client.set_cookie("device", secret)
    before = stored(stage)
    # For who is signed in, each address once.
    rows = ROWS if role == "visitor" else list({row["at"]: row for row in ROWS}.values())
    found = {name_of(row): ask(client, token, names, row) for row in rows}
    assert {name: said for name, said in found.items() if said not in REFUSED} == {}
    assert (len(found) > 150, stored(stage) == before) == (True, True)
    assert client.get("/door").status_code == 200


def test_beside_its_cookie_no_password_and_no_key_opens_anything(house: tuple[Stage, str]) -> None:
    stage, secret = house
    thief = stage.page_client("visitor")
    thief.set_cookie("device", secret)
    asked = {"email": stage.cast.amina.email, "password": PASSWORD, "label": "À moi"}
    assert thief.post("/api/v1/tokens", json=asked).status_code in (401, 403)
    bearer = {"Authorization": f"Bearer {stage.api_client('manager').secret}"}
    assert thief.get("/api/v1/me", headers=bearer).status_code == 403


def test_where_it_went_astray_a_screen_comes_back_by_itself(house: tuple[Stage, str]) -> None:
    stage, secret = house
    screen = stage.page_client("visitor")
    screen.set_cookie("device", secret)
    assert [screen.get(path).location for path in ("/", "/kiosk", "/sign-in", "/clubs/tilleul")] == ["/door"] * 4
    assert screen.get("/nowhere").status_code == 404
