"""What waits may be kept on a device of one's own, by choice: closing the page loses nothing, and nothing stays."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.talk import SECONDS, Talk, message, open_talk, write
from tests.support.browser import Reader
from tests.support.process import Server
from tests.support.waiting import wait_for

CUT = ("ERR_INTERNET_DISCONNECTED", "WebSocket")
WAITS = "En attente. Le message partira tout seul."
MINUTES = "En attente. Partira dans quelques minutes."
KEEP = "Garder sur cet appareil ce qui attend le réseau"
# Everything that lies in the browser's own store, as text: what is sealed, as the bytes that it is.
ROWS = """async () => {
  if (!(await indexedDB.databases()).some(each => each.name === 'outbox')) return [];
  const asked = request => new Promise(resolve => { request.onsuccess = () => resolve(request.result); });
  const base = await asked(indexedDB.open('outbox'));
  // Deleted since the names were asked for: what was opened is a new one.
  if (!base.objectStoreNames.length) {
    base.close();
    await asked(indexedDB.deleteDatabase('outbox'));
    return [];
  }
  const rows = await asked(base.transaction('waiting').objectStore('waiting').getAll());
  base.close();
  return rows.map(row => ({ ...row, iv: '', sealed: new TextDecoder('latin1').decode(row.sealed) }));
}"""
LOADED = "() => performance.getEntriesByType('resource').some(each => each.name.includes('kept') && each.responseEnd)"
FOUR_DAYS_AGO = """async () => {
  const asked = request => new Promise(resolve => { request.onsuccess = () => resolve(request.result); });
  const base = await asked(indexedDB.open('outbox'));
  const store = base.transaction('waiting', 'readwrite').objectStore('waiting');
  for (const row of await asked(store.getAll())) await asked(store.put({ ...row, at: row.at - 4 * 86_400_000 }));
  base.close();
}"""


@pytest.fixture
def talk(server: Server) -> Talk:
    return Talk(server)


@pytest.fixture
def amina(reader: Callable[..., Reader], talk: Talk) -> Reader:
    sitting = reader(talk.cast.amina)
    sitting.allow(*CUT)
    return sitting


def until(true: Callable[[], object], page: Page) -> None:
    """The browser goes on meanwhile."""
    wait_for(true, "what the browser has kept or sent", SECONDS * 3, lambda: page.wait_for_timeout(50))


def write_and_close(reader: Reader, talk: Talk, *texts: str) -> None:
    """Without network, on a device that keeps from the first message on; the page is closed, and asks nothing."""
    asked: list[str] = []
    page = open_talk(reader.page, talk)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Votre message").focus()
    until(lambda: page.evaluate(LOADED), page)
    reader.context.set_offline(True)
    expect(page.locator("[data-net]")).to_be_visible()
    for number, text in enumerate(texts):
        write(page, text)
        expect(message(page, text)).to_contain_text(WAITS)
        if number == 0:
            page.get_by_label(KEEP).check()
    until(lambda: len(page.evaluate(ROWS)) >= len(texts), page)
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    reader.context.set_offline(False)
    reader.page = reader.new_page()
    assert asked == []


# Nothing lies over it: neither the box nor what is said above it.
IN_SIGHT = """each => {
  const { x, y, width, height } = each.getBoundingClientRect();
  return each.contains(document.elementFromPoint(x + width / 2, y + height - 2));
}"""


def test_who_only_read_until_the_cut_is_asked_and_sees_what_waits(talk: Talk, amina: Reader) -> None:
    """The box was not touched while there was a network; the page is longer than the screen."""
    for number in range(12):
        talk.say(talk.cast.bruno, f"Ligne {number}")
    page = open_talk(amina.page, talk)
    page.get_by_role("heading", level=1).click()
    until(lambda: page.evaluate(LOADED), page)
    amina.context.set_offline(True)
    write(page, "Vu par qui l’écrit")
    expect(page.get_by_label(KEEP)).to_be_visible()
    for each in (message(page, "Vu par qui l’écrit").locator(".msg__state"), page.get_by_label(KEEP)):
        until(lambda each=each: each.evaluate(IN_SIGHT), page)  # type: ignore[misc]
    amina.context.set_offline(False)
    expect(message(page, "Vu par qui l’écrit").locator(".reacts")).to_be_visible()
    expect(page.get_by_label(KEEP)).to_be_hidden()


def test_what_is_chosen_in_one_tab_holds_in_the_others(talk: Talk, amina: Reader) -> None:
    tabs = [open_talk(amina.page, talk), open_talk(amina.new_page(), Talk(talk.server))]
    for page in tabs:
        page.get_by_label("Votre message").focus()
        until(lambda page=page: page.evaluate(LOADED), page)  # type: ignore[misc]
    amina.context.set_offline(True)
    for page in tabs:
        write(page, "Dans chaque onglet")
        expect(page.get_by_label(KEEP)).to_be_visible()
    tabs[0].get_by_label(KEEP).check()
    expect(tabs[1].get_by_label(KEEP)).to_be_checked()
    until(lambda: len(tabs[1].evaluate(ROWS)) == 2, tabs[1])
    tabs[1].get_by_label(KEEP).uncheck()
    expect(tabs[0].get_by_label(KEEP)).not_to_be_checked()
    until(lambda: tabs[0].evaluate(ROWS) == [], tabs[0])


@pytest.mark.parametrize("path", ["/clubs/tilleul", "the discussion"])
def test_it_leaves_when_any_page_of_the_club_opens(talk: Talk, amina: Reader, path: str) -> None:
    texts = [f"Gardé {number}" for number in range(3)]
    write_and_close(amina, talk, *texts)
    amina.page.goto(talk.path if path == "the discussion" else path)
    until(lambda: talk.stored()[1:] == texts, amina.page)
    until(lambda: amina.page.evaluate(ROWS) == [], amina.page)
    open_talk(amina.page, talk)
    expect(amina.page.locator("#log .bubble")).to_have_text(["Bonjour à tous", *texts])
    assert talk.stored()[1:] == texts


def test_what_was_stored_and_not_heard_is_drawn_once(talk: Talk, amina: Reader) -> None:
    """The phone died between the commit and the answer."""
    write_and_close(amina, talk, "Une seule fois")
    other = amina.new_page()
    open_talk(other, talk)
    until(lambda: talk.stored()[1:] == ["Une seule fois"], other)
    expect(message(other, "Une seule fois")).to_have_count(1)
    expect(message(other, "Une seule fois").locator(".reacts")).to_be_visible()


def test_nothing_can_be_read_from_what_is_kept(talk: Talk, amina: Reader) -> None:
    write_and_close(amina, talk, "Zinnia")
    amina.page.goto("/account")
    rows = amina.page.evaluate(ROWS)
    assert [set(row) for row in rows] == [{"n", "id", "me", "at", "iv", "sealed"}]
    told = json.dumps(rows, ensure_ascii=False)
    assert [
        word for word in ("Zinnia", talk.thread, "illeul", "45 ans", talk.cast.amina.account_id) if word in told
    ] == []
    expect(amina.page.get_by_label(KEEP)).to_be_checked()
    amina.page.get_by_label(KEEP).uncheck()
    until(lambda: amina.page.evaluate(ROWS) == [], amina.page)
    amina.page.goto("/clubs/tilleul")
    assert talk.stored() == ["Bonjour **à tous**"]


def test_a_device_for_several_people_keeps_nothing(talk: Talk, reader: Callable[..., Reader]) -> None:
    amina = reader()
    amina.sign_in(talk.server.app, talk.cast.amina, shared=True)
    amina.allow(*CUT)
    page = open_talk(amina.page, talk)
    page.evaluate("() => { localStorage.outbox = document.body.dataset.session; }")
    page.reload()
    amina.context.set_offline(True)
    write(page, "Jamais ici")
    expect(message(page, "Jamais ici")).to_contain_text(WAITS)
    expect(page.get_by_label(KEEP)).to_have_count(0)
    assert page.evaluate(ROWS) == []
    assert page.locator("[data-key]").count() == 0


def sign_out(talk: Talk, reader: Reader) -> None:
    reader.page.goto("/account")
    reader.page.get_by_role("button", name="Fermer ma session").click()
    reader.page.wait_for_url("/")
    assert reader.page.get_by_text("Votre session est fermée.").evaluate(IN_SIGHT)


def leave_fast(talk: Talk, reader: Reader) -> None:
    reader.page.goto("/account")
    reader.page.locator("[data-leave]").evaluate("link => { link.dataset.exit = '/healthz'; }")
    reader.page.locator("[data-leave]").first.click()
    reader.page.wait_for_url("**/healthz")


def leave_fast_without_network(talk: Talk, reader: Reader) -> None:
    """Whoever comes to this browser next finds nobody signed in."""
    reader.page.goto("/account")
    reader.context.set_offline(True)
    reader.allow("ERR_INTERNET_DISCONNECTED")
    reader.page.locator("[data-leave]").first.click()
    reader.page.wait_for_url("chrome-error://**")
    reader.context.set_offline(False)
    reader.page.goto("/help")
    reader.page.goto("/account")
    reader.page.wait_for_url("/sign-in?next=/account")


def ended_elsewhere(talk: Talk, reader: Reader) -> None:
    from app.accounts.actions import sign_out_everywhere

    with talk.server.app.app_context():
        sign_out_everywhere(talk.cast.amina.actor)
    reader.allow("401")  # the page asks whether that session is over
    reader.page.goto("/help")


def another_signs_in(talk: Talk, reader: Reader) -> None:
    """Another member of the same club, in the same browser."""
    reader.sign_in(talk.server.app, talk.cast.bruno)
    open_talk(reader.page, talk)


def membership_ended(talk: Talk, reader: Reader) -> None:
    """Back in the club as somebody else, from another device."""
    talk.call(talk.cast.amina, "POST", "/clubs/tilleul/leave", {})
    consent = talk.call(talk.cast.amina, "GET", "/clubs/tilleul")["consent"]["version"]
    talk.call(talk.cast.amina, "POST", "/clubs/tilleul/join", {"name": "Une autre", "consent_version": consent})
    open_talk(reader.page, talk)


@pytest.mark.parametrize(
    "end", [sign_out, leave_fast, leave_fast_without_network, ended_elsewhere, another_signs_in, membership_ended]
)
def test_nothing_is_left_and_nothing_is_sent(talk: Talk, amina: Reader, end: Callable[[Talk, Reader], None]) -> None:
    write_and_close(amina, talk, "Pas par un autre")
    assert len(amina.page.goto("/account") and amina.page.evaluate(ROWS)) == 1
    end(talk, amina)
    if end is leave_fast:
        amina.page.goto("/help")
    until(lambda: amina.page.evaluate(ROWS) == [], amina.page)
    assert amina.page.evaluate("() => localStorage.outbox ?? null") is None or end is membership_ended
    assert talk.stored() == ["Bonjour **à tous**"]


def test_who_leaves_fast_without_network_leaves_every_tab(talk: Talk, amina: Reader) -> None:
    page, other = open_talk(amina.page, talk), open_talk(amina.new_page(), talk)
    amina.context.set_offline(True)
    write(other, "Dans l’autre onglet")
    page.locator("[data-leave]").first.click()
    for each in (page, other):
        each.wait_for_url("chrome-error://**")
    assert [each.url for each in (page, other)] == ["chrome-error://chromewebdata/"] * 2


def test_on_a_device_for_several_people_no_trace_stays_that_somebody_left(
    talk: Talk, reader: Callable[..., Reader]
) -> None:
    life = {}
    for shared in (False, True):
        amina = reader()
        amina.sign_in(talk.server.app, talk.cast.amina, shared=shared)
        amina.allow(*CUT)
        open_talk(amina.page, talk)
        amina.context.set_offline(True)
        amina.page.locator("[data-leave]").first.click()
        amina.page.wait_for_url("chrome-error://**")
        life[shared] = [each["expires"] > 0 for each in amina.context.cookies() if each["name"] == "left"]
    assert life == {False: [True], True: [False]}


def test_why_it_was_refused_is_sealed_too(talk: Talk, amina: Reader) -> None:
    """The first comes back into the empty box; the second stays where it is read, and on the device."""
    # While the line is not up yet they leave by requests.
    amina.allow("422")
    write_and_close(amina, talk, "x" * 4_001, "y" * 4_001)
    page = open_talk(amina.page, talk)
    refused = message(page, "yyyy")
    expect(refused.get_by_role("button", name="Corriger")).to_be_visible()
    until(lambda: len(page.evaluate(ROWS)) == 1, page)
    assert [set(row) for row in page.evaluate(ROWS)] == [{"n", "id", "me", "at", "iv", "sealed"}]
    page.reload()
    expect(refused.locator(".msg__state")).to_contain_text("C’est trop long")
    expect(refused.get_by_role("button", name="Corriger")).to_be_visible()
    assert talk.stored() == ["Bonjour **à tous**"]


def test_closing_the_page_asks_while_a_refused_text_stands_there(talk: Talk, amina: Reader) -> None:
    asked: list[str] = []
    page = open_talk(amina.page, talk)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    amina.context.set_offline(True)
    write(page, "x" * 4_001)
    page.get_by_label("Votre message").fill("Déjà la suite")
    amina.context.set_offline(False)
    expect(message(page, "xxxx").get_by_role("button", name="Corriger")).to_be_visible()
    page.close(run_before_unload=True)
    until(lambda: asked == ["beforeunload"], page)
    expect(message(page, "xxxx")).to_be_visible()


def test_a_part_of_the_page_that_did_not_load_once_is_asked_for_anew(talk: Talk, amina: Reader) -> None:
    """Some browsers remember for an address that it failed."""
    page = amina.page
    page.route("**/apart.js", lambda route: route.abort())
    amina.allow("ERR_FAILED")
    open_talk(page, talk)
    amina.context.set_offline(True)
    write(page, "Quand même")
    expect(message(page, "Quand même")).to_contain_text(WAITS)
    amina.context.set_offline(False)
    expect(message(page, "Quand même").locator(".reacts")).to_be_visible()


def test_what_has_grown_old_is_offered_back(talk: Talk, amina: Reader) -> None:
    write_and_close(amina, talk, "D’il y a quatre jours")
    amina.page.goto("/account")
    amina.page.evaluate(FOUR_DAYS_AGO)
    page = open_talk(amina.page, talk)
    old = message(page, "D’il y a quatre jours")
    expect(old).to_contain_text("Ce message attend depuis plus de 3 jours. Il n’est pas parti.")
    write(page, "D’aujourd’hui")
    expect(message(page, "D’aujourd’hui").locator(".reacts")).to_be_visible()
    assert talk.stored()[1:] == ["D’aujourd’hui"]
    old.get_by_role("button", name="Corriger").click()
    expect(page.get_by_label("Votre message")).to_have_value("D’il y a quatre jours")
    until(lambda: page.evaluate(ROWS) == [], page)


def test_what_is_kept_in_two_clubs_leaves_minutes_apart(talk: Talk, amina: Reader) -> None:
    """One tab, one club after the other: what the first page said of its turn holds for the next."""
    other = Talk(talk.server, "romarin", talk.cast.dario)
    for number, each in enumerate((talk, other)):
        write_and_close(amina, each, f"Je reviens {number}")
    amina.context.clock.install()
    page = open_talk(amina.page, talk)
    expect(message(page, "Je reviens 0").locator(".reacts")).to_be_visible()
    page.goto(other.path)
    expect(message(page, "Je reviens 1")).to_contain_text(MINUTES)
    amina.context.clock.fast_forward(59_000)
    assert other.stored()[1:] == []
    amina.context.clock.fast_forward(242_000)
    expect(message(page, "Je reviens 1").locator(".reacts")).to_be_visible()
    assert [talk.stored()[1:], other.stored()[1:]] == [["Je reviens 0"], ["Je reviens 1"]]
