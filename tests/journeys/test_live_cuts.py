"""What goes wrong between a page and the house: no network, no websocket, a server that falls, a right that ends."""

import contextlib
import itertools
import re
import socket
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Error, WebSocketRoute, expect

from tests.journeys.blocked import blocking_proxy
from tests.journeys.talk import Talk, bodies, message, open_talk, write
from tests.support.browser import Reader
from tests.support.process import Server
from tests.support.waiting import wait_for

CUT = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
WAITS = "En attente. Le message partira tout seul."
TOO_LONG = "C’est trop long : 4 000 signes au plus. Envoyez-le en plusieurs fois."
# How wide the words of a reason stand.
WIDE = "state => state.querySelector('span').getBoundingClientRect().width"
# A page that knows of more than the log holds: what the server answers is a gap.
FAR_AHEAD = """document.addEventListener('readystatechange', () => {
    const log = document.getElementById('log');
    if (log && document.readyState === 'interactive') log.dataset.seq = '999';
})"""


@pytest.fixture
def talk(server: Server) -> Talk:
    return Talk(server)


@pytest.fixture
def amina(reader: Callable[..., Reader], talk: Talk) -> Reader:
    return reader(talk.cast.amina)


def test_what_is_written_without_network_waits_and_is_delivered_once(talk: Talk, amina: Reader) -> None:
    page = open_talk(amina.page, talk)
    amina.allow(*CUT)
    amina.context.set_offline(True)
    expect(page.locator("[data-net]")).to_be_visible()
    for number in range(3):
        write(page, f"Hors ligne {number}")
    expect(page.locator(".msg--wait .msg__state")).to_have_text([WAITS] * 3)
    talk.say(talk.cast.bruno, "Pendant ce temps")
    amina.context.set_offline(False)
    expect(page.locator(".msg--wait")).to_have_count(0)
    expect(page.locator("[data-net]")).to_be_hidden()
    said = ["Pendant ce temps", "Hors ligne 0", "Hors ligne 1", "Hors ligne 2"]
    assert talk.stored()[1:] == said
    expect(page.locator("#log .bubble")).to_have_text(["Bonjour à tous", *said])


def test_closing_the_page_warns_only_while_something_waits(talk: Talk, amina: Reader) -> None:
    page = open_talk(amina.page, talk)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    amina.allow(*CUT)
    write(page, "Envoyé")
    expect(page.locator(".msg--wait")).to_have_count(0)
    page.reload()
    assert asked == []
    expect(page.locator("[role=log]")).to_have_attribute("data-line", "live")
    amina.context.set_offline(True)
    write(page, "Pas envoyé")
    expect(page.locator(".msg--wait .msg__state")).to_have_text(WAITS)
    page.close(run_before_unload=True)
    amina.page = amina.new_page()
    amina.context.set_offline(False)
    open_talk(amina.page, talk)
    assert asked == ["beforeunload"]


def test_leaving_fast_is_not_held_back_by_what_waits(talk: Talk, amina: Reader) -> None:
    page = open_talk(amina.page, talk)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    amina.allow(*CUT, "/api/v1/me")  # it may still ask whether its session lasts while the session ends
    page.route("**/messages", lambda route: route.abort())
    amina.context.set_offline(True)
    write(page, "Pas envoyé")
    expect(page.locator(".msg--wait .msg__state")).to_have_text(WAITS)
    page.locator("[data-leave]").evaluate("link => { link.dataset.exit = '/healthz'; }")
    amina.context.set_offline(False)
    page.locator("[data-leave]").first.click()
    page.wait_for_url("**/healthz")
    assert asked == []


def test_a_server_that_falls_and_comes_back(start_server: Callable[..., Server], reader: Callable[..., Reader]) -> None:
    server = start_server()
    talk = Talk(server)
    amina, bruno = reader(talk.cast.amina, server), reader(talk.cast.bruno, server)
    for person in (amina, bruno):
        person.allow(*CUT)
        open_talk(person.page, talk)
    server.kill()
    write(amina.page, "Pendant la panne")
    expect(message(amina.page, "Pendant la panne")).to_contain_text(WAITS)
    server.start()
    expect(message(bruno.page, "Pendant la panne")).to_be_visible(timeout=30_000)
    for person in (amina, bruno):
        expect(person.page.locator("[role=log]")).to_have_attribute("data-line", "live", timeout=30_000)
    expect(amina.page.locator(".msg--wait")).to_have_count(0)
    assert talk.stored() == ["Bonjour **à tous**", "Pendant la panne"]
    assert bodies(amina.page) == bodies(bruno.page) == ["Bonjour à tous", "Pendant la panne"]


def test_where_websockets_are_blocked_the_page_asks_and_posts(
    start_server: Callable[..., Server], browser: Browser
) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    outside = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = start_server(BASE_URL=outside)
    talk = Talk(server)
    with blocking_proxy(listening, int(str(server.settings["PORT"]))) as refused:
        amina = Reader(browser, outside).sign_in(server.app, talk.cast.amina)
        amina.allow("WebSocket connection")
        page = amina.page
        page.goto(talk.path)
        expect(page.locator("[role=log]")).to_have_attribute("data-line", "poll")
        assert len(refused) >= 2
        talk.say(talk.cast.bruno, "Vu sans websocket")
        expect(message(page, "Vu sans websocket")).to_be_visible()
        write(page, "Écrit sans websocket")
        expect(message(page, "Écrit sans websocket").locator(".reacts")).to_be_visible()
        first = page.locator(f"#m-{talk.first}")
        first.locator("summary").click()
        first.get_by_role("button", name="Merci").click()
        expect(first.locator(".reacts > button")).to_have_text("Merci : Ama")
        assert bodies(page)[1:] == talk.stored()[1:] == ["Vu sans websocket", "Écrit sans websocket"]
        expect(page.locator("[data-net]")).to_be_hidden()
        amina.close()


def test_who_has_left_the_club_is_told_and_keeps_the_text(talk: Talk, amina: Reader) -> None:
    page = open_talk(amina.page, talk)
    amina.allow("404", *CUT)
    page.get_by_label("Votre message").fill("À moitié écrit")
    talk.call(talk.cast.amina, "POST", "/clubs/tilleul/leave", {})
    expect(page.locator("[data-net]")).to_contain_text("ne vous est plus ouverte")
    expect(page.get_by_role("button", name="Envoyer")).to_be_disabled()
    expect(page.get_by_label("Votre message")).to_have_value("À moitié écrit")
    talk.say(talk.cast.bruno, "Entre nous")
    expect(message(page, "Entre nous")).to_have_count(0)


def test_a_refused_message_comes_back_with_the_reason(talk: Talk, amina: Reader) -> None:
    page = open_talk(amina.page, talk)
    write(page, "a" * 4001)
    expect(page.locator("[data-refusal]")).to_have_text(f"Erreur : {TOO_LONG}")
    expect(page.locator("[data-refusal] .vh")).to_have_text("Erreur :")
    expect(page.get_by_label("Votre message")).to_have_value("a" * 4001)
    expect(page.get_by_label("Votre message")).to_be_focused()
    expect(page.locator(".msg")).to_have_count(1)
    write(page, "Plus court")
    expect(message(page, "Plus court").locator(".reacts")).to_be_visible()
    expect(page.locator("[data-refusal]")).to_be_hidden()


def test_a_refusal_does_not_touch_what_is_being_written(talk: Talk, amina: Reader) -> None:
    page = open_talk(amina.page, talk)
    amina.allow(*CUT)
    amina.context.set_offline(True)
    write(page, "a" * 4001)
    write(page, "Ensuite")
    page.get_by_label("Votre message").fill("Déjà la suite")
    amina.context.set_offline(False)
    refused = message(page, "aaaa")
    expect(refused.get_by_role("button", name="Corriger")).to_be_visible()
    expect(message(page, "Ensuite").locator(".reacts")).to_be_visible()
    expect(page.locator(".msg").last).to_have_class(re.compile("msg--wait"))
    lines = "button => button.getBoundingClientRect().height / parseFloat(getComputedStyle(button).lineHeight)"
    assert refused.get_by_role("button", name="Corriger").evaluate(lines) < 3
    page.evaluate("() => { document.documentElement.dataset.text = 'xl'; }")
    page.set_viewport_size({"width": 320, "height": 700})
    edge = "each => each.getBoundingClientRect().right"
    assert refused.locator(".msg__state").evaluate(WIDE) > 150
    assert refused.get_by_role("button", name="Corriger").evaluate(edge) <= refused.evaluate(edge)
    expect(page.get_by_label("Votre message")).to_have_value("Déjà la suite")
    refused.get_by_role("button", name="Corriger").click()
    expect(refused).to_have_count(0)
    expect(page.get_by_label("Votre message")).to_have_value("a" * 4001 + "\nDéjà la suite")


def test_more_than_a_frame_holds_comes_back_whole(talk: Talk, amina: Reader) -> None:
    amina.allow("422")
    page = open_talk(amina.page, talk)
    text = "é" * 40_000
    write(page, text)
    expect(page.locator("[data-refusal]")).to_be_visible()
    expect(page.get_by_label("Votre message")).to_have_value(text)
    expect(page.locator("[role=log]")).to_have_attribute("data-line", "live")
    assert len(talk.stored()) == 1


def test_who_writes_too_fast_waits_and_loses_nothing(
    start_server: Callable[..., Server], reader: Callable[..., Reader]
) -> None:
    server = start_server(LIMIT_FACTOR=1)  # five at once, then one in six seconds
    talk = Talk(server)
    page = open_talk(reader(talk.cast.amina, server).page, talk)
    written = [f"Vite {number}" for number in range(6)]
    for text in written:
        write(page, text)
    expect(page.locator(".msg--wait .msg__state")).to_have_text(WAITS)
    expect(page.locator(".msg--wait")).to_have_count(0, timeout=10_000)
    assert talk.stored()[1:] == written


def test_after_too_long_a_time_the_block_is_drawn_anew(talk: Talk, amina: Reader) -> None:
    page = amina.page
    page.add_init_script(FAR_AHEAD)
    open_talk(page, talk)
    expect(page.locator("#log")).not_to_have_attribute("data-seq", "999")
    talk.say(talk.cast.bruno, "Après le trou")
    expect(message(page, "Après le trou")).to_be_visible()
    assert bodies(page) == ["Bonjour à tous", "Après le trou"]


def test_an_older_stretch_says_what_is_new_elsewhere(talk: Talk, amina: Reader) -> None:
    for number in range(60):
        talk.say(talk.cast.bruno, f"Ligne {number}")
    page = amina.page
    page.goto(f"{talk.path}?before=20")
    expect(page.locator("[role=log]")).to_have_attribute("data-line", "live")
    talk.say(talk.cast.bruno, "La dernière")
    below = page.locator("[data-below]")
    expect(below).to_have_text("1 nouveau message")
    expect(message(page, "La dernière")).to_have_count(0)
    below.click()
    expect(message(page, "La dernière")).to_be_visible()


def test_an_answer_that_is_lost_is_asked_for_again(talk: Talk, amina: Reader) -> None:
    page = amina.page
    lost: list[str] = []

    def between(near: WebSocketRoute) -> None:
        far = near.connect_to_server()

        def to_page(frame: str | bytes) -> None:
            if "Une seule fois" in str(frame) and len(lost) < 2:
                lost.append(str(frame))  # the push and the answer
            else:
                near.send(frame)

        far.on_message(to_page)

    page.route_web_socket("**/socket.io/**", between)
    page.clock.install()
    open_talk(page, talk)
    write(page, "Une seule fois")
    expect(message(page, "Une seule fois")).to_have_class(re.compile("msg--wait"))
    for _second in range(16):
        page.clock.run_for(1_000)
    expect(message(page, "Une seule fois").locator(".reacts")).to_be_visible()
    assert len(lost) == 2
    assert talk.stored()[1:] == ["Une seule fois"]
    expect(message(page, "Une seule fois")).to_have_count(1)


def test_it_is_asked_again_after_two_four_and_eight_seconds(talk: Talk, amina: Reader) -> None:
    """And a quarter of chance at most, so that a room does not ask all at once."""
    page, clock = amina.page, 0.0
    amina.allow("ERR_FAILED", "WebSocket")
    sent: list[float] = []
    page.route_web_socket("**/socket.io/**", lambda near: near.close())
    page.route("**/messages", lambda route: (sent.append(clock), route.abort()))
    page.clock.install()
    page.goto(talk.path)
    expect(page.locator("[role=log]")).to_have_attribute("data-line", "poll")
    write(page, "Personne ne répond")
    expect(message(page, "Personne")).to_contain_text(WAITS)
    while len(sent) < 5:
        with contextlib.suppress(Error):
            page.wait_for_event("requestfailed", lambda request: "/messages" in request.url, timeout=20)
        page.clock.run_for(500)
        clock += 0.5
        assert clock < 60
    waited = [after - before for before, after in itertools.pairwise(sent)]
    for seconds, least in zip(waited, (2, 4, 8, 8), strict=True):
        assert least - 0.5 <= seconds <= least * 1.25 + 1, waited


def test_a_word_said_without_network_changes_nothing(talk: Talk, amina: Reader) -> None:
    page = open_talk(amina.page, talk)
    amina.allow(*CUT)
    amina.context.set_offline(True)
    expect(page.locator("[data-net]")).to_be_visible()
    first = page.locator(f"#m-{talk.first}")
    first.locator("summary").click()
    with page.expect_event("requestfailed", lambda request: "/reactions/" in request.url):
        first.get_by_role("button", name="Merci").click()
    expect(first.get_by_role("button", name="Merci")).to_be_visible()
    assert page.url.endswith(talk.path)


def test_who_is_not_answered_at_the_door_asks_once_and_then_knocks_again(talk: Talk, amina: Reader) -> None:
    page, tries = amina.page, list[list[str]]()

    def between(near: WebSocketRoute) -> None:
        far, said = near.connect_to_server(), list[str]()
        tries.append(said)

        def to_server(frame: str | bytes) -> None:
            said.append(str(frame))
            if len(tries) > 1:
                far.send(frame)

        near.on_message(to_server)

    page.route_web_socket("**/socket.io/**", between)
    page.clock.install()
    page.goto(talk.path)
    wait_for(lambda: [each for each in tries if each], "it asks to be let in", pause=lambda: page.evaluate("0"))
    # As when a phone is locked and unlocked.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.fast_forward(31_000)
    expect(page.locator("[role=log]")).to_have_attribute("data-line", "live")
    assert [[frame[:2] for frame in said][:1] for said in tries] == [["40"], ["40"]]
    assert len(tries[0]) == 1
