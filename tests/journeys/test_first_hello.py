"""Journey 1: from the list of clubs to a first hello, which somebody on a phone sees at once and answers."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.steps import come_in_by_code, join_tilleul
from tests.journeys.talk import Talk, message, open_talk, write
from tests.support.browser import DESKTOP, PHONE, Reader
from tests.support.process import Server


def test_a_newcomer_says_hello_and_is_answered(place: Server, sit: Callable[..., Reader]) -> None:
    talk = Talk(place)
    bruno = sit(place.cast.bruno, viewport=PHONE).page
    open_talk(bruno, talk)

    reader = sit(viewport=DESKTOP)
    newcomer = reader.page
    newcomer.goto("/clubs")
    newcomer.get_by_role("link", name="45 ans et plus").click()
    expect(newcomer).to_have_title("Club Tilleul – Maison du Canal")
    newcomer.get_by_role("main").get_by_role("link", name="Entrer dans ce club").first.click()
    come_in_by_code(newcomer, place, "nadia@maison.example")
    join_tilleul(newcomer, "Nadia")
    check_session(reader, place)

    newcomer.get_by_role("link", name="Mardi : on amène quoi ?").first.click()
    expect(newcomer.locator("[role=log]")).to_have_attribute("data-line", "live")
    write(newcomer, "Bonjour, je suis nouvelle.")

    expect(message(bruno, "Bonjour, je suis nouvelle.")).to_contain_text("Nadia")
    write(bruno, "Bienvenue Nadia !")
    expect(message(newcomer, "Bienvenue Nadia")).to_contain_text("Bruno")
    assert talk.stored() == ["Bonjour **à tous**", "Bonjour, je suis nouvelle.", "Bienvenue Nadia !"]


def check_session(reader: Reader, place: Server) -> None:
    """The cookie goes to this house alone, and with https over https alone."""
    safe = place.public_url.startswith("https://")
    cookies = {cookie["name"]: cookie for cookie in reader.context.cookies()}
    kept = cookies["__Host-session" if safe else "session"]
    assert (kept["secure"], kept["httpOnly"], kept["sameSite"], kept["path"]) == (safe, True, "Lax", "/")
    assert [name for name in cookies if name != kept["name"] and "session" in name] == []
