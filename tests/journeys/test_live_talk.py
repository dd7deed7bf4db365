"""Two people in a discussion, each at a browser: what one does, the other sees without a reload."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.talk import Talk, bodies, message, open_talk, write
from tests.support.browser import Reader
from tests.support.clients import client_of
from tests.support.process import Server


@pytest.fixture
def talk(server: Server) -> Talk:
    return Talk(server)


@pytest.fixture
def amina(reader: Callable[..., Reader], talk: Talk) -> Reader:
    return reader(talk.cast.amina)


@pytest.fixture
def bruno(reader: Callable[..., Reader], talk: Talk) -> Reader:
    return reader(talk.cast.bruno)


def test_a_message_is_seen_at_once_and_answered(talk: Talk, amina: Reader, bruno: Reader) -> None:
    open_talk(amina.page, talk)
    open_talk(bruno.page, talk)
    write(amina.page, "Bonjour, je viens *mardi*")
    expect(message(bruno.page, "je viens").locator("em")).to_have_text("mardi")
    expect(message(bruno.page, "je viens").locator(".msg__who")).to_contain_text("Ama")
    write(bruno.page, "Bienvenue")
    expect(message(amina.page, "Bienvenue").locator(".msg__who")).to_contain_text("Responsable")
    expect(message(amina.page, "je viens").locator(".msg__who")).to_contain_text("Vous")
    expect(amina.page.locator(".msg--wait")).to_have_count(0)
    expect(amina.page.get_by_label("Votre message")).to_have_value("")
    assert bodies(amina.page) == bodies(bruno.page) == ["Bonjour à tous", "Bonjour, je viens mardi", "Bienvenue"]


def test_what_the_script_draws_is_what_the_server_draws(talk: Talk, amina: Reader) -> None:
    amina.page.goto(talk.path)
    page = open_talk(amina.page, talk)  # again: without the unread line
    for person in (talk.cast.bruno, talk.cast.bruno, talk.cast.amina):
        talk.say(person, f"De {person.key} : deux\n\n- choses")
    talk.call(talk.cast.bruno, "PUT", f"/messages/{talk.first}/reactions/🙏")
    expect(page.locator(".msg .reacts > button")).to_have_count(1)
    expect(page.locator(".msg")).to_have_count(4)
    drawn = [_words(each) for each in page.locator("#log > li").all()]
    page.reload()
    page.reload()
    assert drawn == [_words(each) for each in page.locator("#log > li").all()]


def _words(each: object) -> list[str]:
    """What counts of a drawing: the class, the words and where the buttons lead."""
    return each.evaluate(  # type: ignore[attr-defined, no-any-return]
        """li => [li.className, li.id, li.dataset.author ?? '', li.dataset.day ?? '',
            (li.matches('.msg--next') ? null : li.querySelector('.msg__who'))?.textContent.replace(/\\s+/g, ' ').trim(),
            li.querySelector('.bubble')?.innerHTML.replace(/\\s+/g, ' ') ?? li.textContent.trim(),
            ...Array.from(li.querySelectorAll('.reacts *'), each => [each.tagName, each.getAttribute('href'),
                each.getAttribute('formaction'), each.getAttribute('aria-pressed'), each.value].join(' '))]"""
    )


def test_words_are_said_and_taken_back(talk: Talk, amina: Reader, bruno: Reader) -> None:
    open_talk(amina.page, talk)
    open_talk(bruno.page, talk)
    first = amina.page.locator(f"#m-{talk.first}")
    first.locator("summary").click()
    first.get_by_role("button", name="Bravo").click()
    said = bruno.page.locator(f"#m-{talk.first} .reacts > button")
    expect(said).to_have_text("Bravo : Ama")
    expect(said).to_have_attribute("aria-pressed", "false")
    mine = first.locator(".reacts > button")
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(mine).to_be_focused()
    mine.click()
    expect(said).to_have_count(0)
    expect(mine).to_have_count(0)
    expect(first.locator("summary")).to_be_focused()


def test_a_message_is_changed_and_taken_back_in_its_place(talk: Talk, amina: Reader) -> None:
    page = open_talk(amina.page, talk)
    said = talk.say(talk.cast.bruno, "Salle 2")
    talk.say(talk.cast.bruno, "À mardi")
    expect(message(page, "À mardi")).to_be_visible()
    talk.call(talk.cast.bruno, "PATCH", f"/messages/{said}", {"body": "Salle **1**"})
    expect(page.locator(f"#m-{said} strong")).to_have_text("1")
    expect(page.locator(f"#m-{said}")).to_contain_text("modifié")
    talk.call(talk.cast.bruno, "DELETE", f"/messages/{said}")
    expect(page.locator(f"#m-{said} .bubble")).to_have_text("Message retiré.")
    expect(page.locator(f"#m-{said} .reacts")).to_have_count(0)
    assert bodies(page) == ["Bonjour à tous", "Message retiré.", "À mardi"]


def test_who_leaves_keeps_no_name_on_the_page(talk: Talk, amina: Reader, bruno: Reader) -> None:
    said = talk.say(talk.cast.amina, "Je passe")
    open_talk(bruno.page, talk)
    author = bruno.page.locator(f"#m-{said} .msg__who b")
    expect(author).to_have_text("Ama")
    amina.page.goto("/clubs/tilleul/name")
    amina.page.get_by_label("Votre nom dans ce club").fill("Amy")
    amina.page.locator("main form button").click()
    expect(author).to_have_text("Amy")
    talk.call(talk.cast.amina, "POST", "/clubs/tilleul/leave")
    expect(author).to_have_text("Un ancien membre")


def test_an_answer_quotes_what_it_answers(talk: Talk, amina: Reader, bruno: Reader) -> None:
    open_talk(amina.page, talk)
    open_talk(bruno.page, talk)
    first = amina.page.locator(f"#m-{talk.first}")
    first.locator("summary").click()
    first.get_by_role("link", name="Écrire une réponse").click()
    expect(amina.page.locator("[data-reply]")).to_contain_text("Réponse à Bruno : « Bonjour à tous »")
    write(amina.page, "Un gâteau")
    expect(message(bruno.page, "Un gâteau").locator("blockquote")).to_have_text("Bruno : « Bonjour à tous »")
    expect(amina.page.locator("[data-reply]")).to_be_hidden()
    bruno.page.reload()
    expect(message(bruno.page, "Un gâteau").locator("blockquote")).to_have_text("Bruno : « Bonjour à tous »")


def test_what_is_taken_back_is_quoted_no_more(talk: Talk, amina: Reader) -> None:
    said = talk.say(talk.cast.bruno, "Je cherche un travail")
    talk.say(talk.cast.amina, "Bienvenue", reply_to=said)
    page = open_talk(amina.page, talk)
    quote = message(page, "Bienvenue").locator("blockquote")
    expect(quote).to_have_text("Bruno : « Je cherche un travail »")
    talk.call(talk.cast.bruno, "PATCH", f"/messages/{said}", {"body": "Je cherche un stage"})
    expect(quote).to_have_text("Bruno : « Je cherche un stage »")
    talk.call(talk.cast.bruno, "DELETE", f"/messages/{said}")
    expect(quote).to_have_count(0)
    assert bodies(page) == ["Bonjour à tous", "Message retiré.", "Bienvenue"]


def test_the_box_grows_until_what_is_written_fits(talk: Talk, amina: Reader) -> None:
    box = open_talk(amina.page, talk).get_by_label("Votre message")
    empty = box.evaluate("box => box.offsetHeight")
    box.press_sequentially("Je cherche un travail de vendeuse, à côté.")
    assert box.evaluate("box => box.scrollHeight <= box.clientHeight") is True
    assert box.evaluate("box => box.offsetHeight") > empty
    box.fill("")
    assert box.evaluate("box => box.offsetHeight") == empty


def test_who_is_typing_is_said_for_a_moment(talk: Talk, amina: Reader, bruno: Reader) -> None:
    open_talk(amina.page, talk)
    open_talk(bruno.page, talk)
    amina.page.get_by_label("Votre message").press_sequentially("Je pense")
    expect(bruno.page.locator("[data-typing]")).to_have_text("Ama écrit", use_inner_text=True)
    expect(amina.page.locator("[data-typing]")).to_be_hidden()
    expect(bruno.page.locator("[data-typing]")).to_be_hidden(timeout=8_000)


def test_who_reads_further_up_stays_there(talk: Talk, amina: Reader) -> None:
    for number in range(20):
        talk.say(talk.cast.bruno, f"Ligne {number}")
    page = open_talk(amina.page, talk)
    page.evaluate("scrollTo(0, 0)")
    talk.say(talk.cast.bruno, "Tout en bas")
    below = page.locator("[data-below]")
    expect(below).to_have_text("1 nouveau message")
    assert page.evaluate("scrollY") == 0
    talk.say(talk.cast.bruno, "Encore plus bas")
    expect(below).to_have_text("2 nouveaux messages")
    below.click()
    expect(message(page, "Encore plus bas")).to_be_in_viewport()
    expect(below).to_be_hidden()
    talk.say(talk.cast.bruno, "Suivi")
    expect(message(page, "Suivi")).to_be_in_viewport()
    expect(below).to_be_hidden()


def test_a_crowd_of_messages_is_announced_by_its_number(talk: Talk, amina: Reader) -> None:
    page = open_talk(amina.page, talk)
    amina.allow("ERR_INTERNET_DISCONNECTED")
    amina.context.set_offline(True)
    expect(page.locator("[data-net]")).to_be_visible()
    for number in range(5):
        talk.say(talk.cast.bruno, f"Ligne {number}")
    amina.context.set_offline(False)
    expect(page.locator("[role=log]")).to_have_attribute("aria-live", "off")
    expect(page.locator("[data-announce]")).to_have_text("5 nouveaux messages")
    expect(page.locator("[role=log]")).to_have_attribute("aria-live", "polite")


def test_links_are_text_on_a_device_for_several_people(talk: Talk, reader: Callable[..., Reader]) -> None:
    somebody = reader()
    client = client_of(talk.server.app, talk.cast.amina, shared=True)
    cookie = client.get_cookie(talk.server.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    somebody.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": talk.server.url}])
    page = open_talk(somebody.page, talk)
    talk.say(talk.cast.bruno, "Voir [l’annonce](https://annonce.example/1) et https://annonce.example/2")
    said = message(page, "Voir").locator(".bubble")
    expect(said).to_have_text("Voir l’annonce (https://annonce.example/1) et https://annonce.example/2")
    expect(said.locator("a")).to_have_count(0)


def test_a_new_name_is_shown_everywhere(talk: Talk, amina: Reader, bruno: Reader) -> None:
    page = open_talk(amina.page, talk)
    talk.call(talk.cast.bruno, "PUT", f"/messages/{talk.first}/reactions/🙏")
    expect(page.locator(f"#m-{talk.first} .reacts > button")).to_have_text("Merci : Bruno")
    bruno.page.goto("/clubs/tilleul/name")
    bruno.page.get_by_label("Votre nom dans ce club").fill("Bernard")
    bruno.page.locator("main form button").last.click()
    expect(page.locator(f"#m-{talk.first} .msg__who b")).to_have_text("Bernard")
