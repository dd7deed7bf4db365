"""A thousand strings in every text that is stored, read on every page in a real browser: nothing runs.

The policy of the pages is switched off for it, so that what would get through is not merely stopped by the browser.
"""

import itertools
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import JSON, String, Text, select, update

from app.core.db import db, transaction
from app.messaging import actions as talk
from tests.journeys.pages import PAGES, address
from tests.rules.stage import AT_A_KIOSK, Stage, draft
from tests.security.corpus import CANARY, MARK, corpus
from tests.support import clients, databases
from tests.support.browser import Reader
from tests.support.process import Server

# Texts that no person fills: made, drawn or chosen by the house. Any other column is attacked, also one of tomorrow.
MADE = re.compile(
    r"(id|way|.*_id|.*_hash|.*_key|key|.*_sealed|email_.*|kind|.*_kind|role|.*_role|state|door|slug|tile|hue|format|history"
    r"|outcome|emoji|letter|locale|language|timezone|country|ground|later_ground|consent_version|client_id|act|hidden_by"
    r"|evening_until|code|.*_code|version|failure|opens|closes|word|door_word|answer|.*_zone|grant|seen|plant"
    r"|opened|rrule|steps|stopped|purpose|transports|public_key|challenge|number|credential|handle|assisted_by|kit|starts|ends|.*digest)"
)
CELL = re.compile(r"c\d{5}c")
PASSED = {"journal_entry", "job", "clock_job", "change", "revocation", "alembic_version", "plant_hold", "plant_draw"}
ROOTS = """
window.__ran = []; window.__xss = (...said) => { window.__ran.push(String(said)); };
"""
# What a page of ours never holds, whoever wrote in it.
STRANGE = """() => {
  const never = ['iframe', 'object', 'embed', 'base', 'xss', 'marquee', 'math', 'style'];
  const runs = a => /^on/i.test(a.name) || /^[\\s\\x00-\\x20]*(javascript|vbscript|data):/i.test(a.value);
  return [...document.querySelectorAll('*')].filter(e =>
    never.includes(e.localName) || (e.localName === 'script' && !e.src)
    || (e.localName === 'meta' && /refresh/i.test(e.httpEquiv)) || [...e.attributes].some(runs)
  ).map(e => e.outerHTML.slice(0, 200));
}"""


def attacked() -> list[Any]:
    """Every column that holds a text somebody can write."""
    return [
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if table.name not in PASSED
        and isinstance(column.type, (String, Text))
        and not column.foreign_keys
        and not column.primary_key
        and not MADE.fullmatch(column.name)
    ]


def fill(strings: Iterator[str]) -> None:
    """Each cell of these columns, and of the lists of sentences, gets a string of its own."""
    with transaction():
        for column in attacked():
            table, key = column.table, list(column.table.primary_key.columns)
            for row in db.session.execute(select(*key, column).where(column.is_not(None), column != "")).all():
                said = next(strings)[: column.type.length or 4000]
                here = [name == value for name, value in zip(key, row, strict=False)]
                db.session.execute(update(table).where(*here).values({column.name: said}))
        for name in ("about", "charter"):
            for club in db.session.scalars(select(db.metadata.tables["club"].c.id)).all():
                table = db.metadata.tables["club"]
                assert isinstance(table.c[name].type, JSON)
                lines = [next(strings) for _ in range(3)]
                db.session.execute(update(table).where(table.c.id == club).values({name: lines}))


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Stage, Server, str]]:
    server = Server(databases.new_database("sqlite")).start()
    stage, strings = Stage(server.app, keep="revocation"), corpus()
    with server.app.app_context():
        bruno = stage.cast.bruno.actor
        thread = talk.open_thread(bruno, "tilleul", "Titre", draft("Premier.")).thread.id
        for block in _batched(strings, 20):
            talk.post_message(bruno, thread, draft("\n\n".join(block)[:4000]))
        with transaction():
            # What has begun of an emergency cannot be changed: a guard that is off for a moment.
            guards = db.session.execute(db.text("SELECT name, sql FROM sqlite_master WHERE type='trigger'")).all()
            kept = [guard for guard in guards if guard.sql and "break_glass" in guard.name]
            for guard in kept:
                db.session.execute(db.text(f"DROP TRIGGER {guard.name}"))
        bodies = db.metadata.tables["message"].c
        said = db.session.execute(select(bodies.id, bodies.body).where(bodies.thread_id == thread)).all()
        fill(f"c{n:05d}c{said}" for n, said in enumerate(itertools.cycle(strings)))
        with transaction():
            for row in said:
                db.session.execute(update(bodies.id.table).where(bodies.id == row.id).values(body=row.body))
            for guard in kept:
                db.session.connection().exec_driver_sql(guard.sql)
    yield stage, server, thread
    server.stop()
    databases.close(server.app)


def _batched(strings: list[str], size: int) -> Iterator[list[str]]:
    return (strings[start : start + size] for start in range(0, len(strings), size))


def pages_with_strings(stage: Stage, server: Server, thread: str) -> list[tuple[str, str, set[str]]]:
    """Of all pages those that show a string, each as long as it shows one that no page before did."""
    seen: set[str] = set()
    found = []
    people = {role: stage.page_client(role) for role in stage.people}
    places = [(role, address(stage, role, path)) for role, path in PAGES]
    for role, path in [("member", f"/threads/{thread}"), *places]:
        # Without the reviewer, who would look at each of them: the browser does.
        html = super(clients.PageClient, people[role]).open(path).get_data(as_text=True)
        marks = set(MARK.findall(html)) | set(CELL.findall(html))
        if marks - seen:
            seen |= marks
            found.append((role, path, marks))
    return found


def test_nothing_runs_on_any_page(house: tuple[Stage, Server, str], browser: Any) -> None:
    stage, server, thread = house
    readers: dict[str, Reader] = {}
    asked: list[str] = []
    shown: set[str] = set()
    found = pages_with_strings(stage, server, thread)
    # There is something to find: most of the pages, and all that was said in the discussion.
    assert len(found) > 25
    for role, path, marks in found:
        if role not in readers:
            person = stage.people[role]
            reader = Reader(browser, server.url, bypass_csp=True)
            readers[role] = reader.sign_in(server.app, person, shared=role in AT_A_KIOSK) if person else reader
            if role in AT_A_KIOSK:
                reader.context.add_cookies([{"name": "device", "value": stage.device_secrets[role], "url": server.url}])
            reader.context.add_init_script(ROOTS)
            reader.context.on("request", lambda request: asked.append(request.url))
            reader.page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
        page = readers[role].page
        page.goto(path)
        assert (path, page.evaluate("window.__ran"), page.evaluate(STRANGE)) == (path, [], [])
        assert page.url == f"{server.url}{path}"
        shown |= {mark for mark in marks if mark.startswith("q")}
    bruno, live = stage.cast.bruno.actor, readers["member"].page
    live.goto(f"/threads/{thread}")
    older = live.locator(".gathered a")
    while older.count():
        older.click()
        shown |= set(MARK.findall(live.content()))
        assert (live.evaluate("window.__ran"), live.evaluate(STRANGE)) == ([], [])
    assert len(shown) == len(corpus())
    # What comes while the page is open is drawn by the script.
    live.goto(f"/threads/{thread}")
    api = clients.api_of(server.app, stage.cast.bruno)
    url = f"{server.url}/api/v1/threads/{thread}/messages"
    for n, block in enumerate(_batched(corpus(), 50)):
        body = {"client_id": str(uuid.uuid4()), "body": f"Vif {n}.\n\n" + "\n\n".join(block[:20])[:3900]}
        answer = live.request.post(url, data=body, headers={"Authorization": f"Bearer {api.secret}"})
        assert answer.status == 201, (bruno, answer.text())
    live.locator(".msg", has_text="Vif 19.").wait_for()
    assert (live.evaluate("window.__ran"), live.evaluate(STRANGE)) == ([], [])
    for reader in readers.values():
        reader.close()
    assert [url for url in asked if CANARY in url or url.startswith("dialog")] == []


def test_the_same_strings_run_where_nobody_escapes_them(browser: Any) -> None:
    """Else the test above would find nothing because it sees nothing."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    context.add_init_script(ROOTS)
    context.route("**/*", lambda route: route.abort() if CANARY in route.request.url else route.continue_())
    page.goto("about:blank")
    ran = set()
    for block in _batched(corpus(), 10):
        page.set_content("<!doctype html><p>" + "</p><p>".join(block))
        page.wait_for_load_state()
        ran.update(page.evaluate("window.__ran || []"))
        ran.update(page.evaluate(STRANGE))
    context.close()
    assert len(ran) > 200
