"""What the team sees of a club through a report: the message and what was enclosed, by letters; nothing, by no door."""

import json
import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from app.core.db import db, transaction
from app.facilitation.models import Report
from app.messaging import actions as talk
from tests.facilitation.reports.conftest import draft
from tests.rules.test_rights import WEB
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
# What is said in Tilleul and its title, each with its own mark; who is there, by the name they chose.
SECRETS = ("Zinnia-titre", "Zinnia-tu", "Zinnia-avant", "Ama", "Zoé-Zinnia", "Bruno-Zinnia")
SHOWN = ("Zinnia-signalé", "Zinnia-joint")


@pytest.fixture
def told(app: Any, cast: Any, zoe: Any, api_of: Any) -> dict[str, str]:
    """A danger, with one message enclosed; others were said around it."""
    from app.clubs.actions import rename

    with app.test_request_context():
        rename(zoe.actor, "tilleul", "Zoé-Zinnia")
        rename(cast.bruno.actor, "tilleul", "Bruno-Zinnia")
        opened = talk.open_thread(cast.bruno.actor, "tilleul", "Zinnia-titre", draft("Zinnia-avant"))
        thread = opened.thread.id
        said = {
            key: talk.post_message(person.actor, thread, draft(f"Zinnia-{key}")).message.id
            for key, person in (("signalé", cast.amina), ("joint", zoe), ("tu", zoe))
        }
    answer = api_of(zoe).post(
        f"/messages/{said['signalé']}/report", json={"reason": "hurt", "danger": True, "enclosed": [said["joint"]]}
    )
    return {"thread": thread, "report": answer.json["id"], **said, "first": opened.message.id}


def every_door(told: dict[str, str], cast: Any) -> list[str]:
    """Each address of the rights table that is only to be read, with the real ids of this club."""
    known = {
        "thread": told["thread"], "report": told["report"], "mine": told["signalé"], "theirs": told["tu"],
        "hideable": told["tu"], "member_ship": cast.amina.memberships["tilleul"],
        "lead_ship": cast.bruno.memberships["tilleul"],
    }  # fmt: skip
    paths = {row["path"] for row in WEB if row["at"].endswith(" GET")}
    return sorted(
        re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], "a" * 26), path)
        for path in paths
        if not path.startswith(("/leave", "/static", "/reading"))
    )


def found_at(client: Any, path: str) -> str:
    answer = client.get(path)
    if answer.mimetype == "application/zip":
        with ZipFile(BytesIO(answer.get_data())) as packed:
            return " ".join(packed.read(name).decode() for name in packed.namelist())
    text = answer.get_data(as_text=True)
    page = getattr(answer, "page", None)
    if page is None:
        return json.dumps(answer.json, ensure_ascii=False) if answer.is_json else text
    return f"{text} {text_of(page.tree)}"


def test_the_team_finds_the_report_and_nothing_else_by_any_door(app, cast, told, client_of, api_of):
    doors = every_door(told, cast)
    pages = [path for path in doors if not path.startswith("/api/")]
    calls = [path.removeprefix("/api/v1") for path in doors if path.startswith("/api/v1/")]
    assert (len(pages) > 30, len(calls) > 8) == (True, True)
    here = {path: found_at(client_of(cast.amina), path) for path in (f"/threads/{told['thread']}",)}
    assert [mark for mark in (*SECRETS[:3], *SHOWN) if mark in "".join(here.values())] == [*SECRETS[:3], *SHOWN]

    client, api = client_of(cast.denis), api_of(cast.denis)
    read = {path: found_at(client, path) for path in pages} | {path: found_at(api, path) for path in calls}
    leaks = {path: mark for path, text in read.items() for mark in SECRETS if re.search(rf"\b{mark}\b", text)}
    assert leaks == {}
    showing = {path for path, text in read.items() if any(mark in text for mark in SHOWN)}
    assert showing == {f"/reports/{told['report']}", "/reports"}


def test_once_it_is_decided_the_team_reads_it_no_more(app, cast, told, client_of, api_of, decide):
    assert decide(cast.bruno, told["report"], "hide") == (201, "decided")
    for person in (cast.denis, cast.elise):
        assert client_of(person).get(f"/reports/{told['report']}").status_code == 410
        assert api_of(person).get("/reports").json["items"] == []


def test_a_lead_whom_it_concerns_finds_it_nowhere(app, cast, told, client_of, api_of, zoe, queries):
    """Not on the leads' page, not in its number, not in the journal, not by its address."""
    lead = client_of(cast.bruno)
    with queries() as before:
        lead.get("/clubs/tilleul")
    report = api_of(zoe).post(f"/messages/{told['first']}/report", json={"danger": True}).json["id"]
    api_of(cast.denis).get("/reports")
    with app.app_context(), transaction():
        db.session.execute(db.delete(Report).where(Report.id == told["report"]))
    with queries() as after:
        page = lead.get("/clubs/tilleul")
    requests = lead.get("/clubs/tilleul/requests").get_data(as_text=True)

    assert len(after) == len(before)
    assert "Messages signalés" not in requests
    assert "en attente" not in page.get_data(as_text=True)
    assert lead.get(f"/reports/{report}").status_code == 404
    journals = [client_of(person).get("/clubs/tilleul/journal").get_data(as_text=True) for person in (cast.bruno, zoe)]
    assert [text.count("Un message signalé est lu") for text in journals] == [1, 2]
