"""What a club does together, seen by who only looks: renewed without reloading, and said once, politely."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.rules.arranged import begin
from tests.support.browser import DESKTOP, Reader
from tests.support.process import Server

# The road to the server does not matter here.
pytestmark = pytest.mark.parametrize("road", ["plain"], indirect=True)
LISTEN = """id => {
  const said = document.getElementById(`${id}-heard`);
  window.heard = [];
  new MutationObserver(() => { if (said.textContent) window.heard.push(said.textContent); })
    .observe(said, { childList: true, characterData: true, subtree: true });
}"""


def look(page: Page, path: str, block: str) -> None:
    """Open a page, wait for its line to the server, and hear what a screen reader would say of a block."""
    with page.expect_websocket():
        page.goto(path)
    page.evaluate(LISTEN, block)


def heard(page: Page, block: str, words: str) -> None:
    """It is said once, by a region that waits for the end of a sentence; the page was never loaded again."""
    said = page.locator(f"#{block}-heard")
    expect(said).to_have_text(words)
    told = [each.replace("\u00a0", " ") for each in page.evaluate("window.heard")]
    assert (said.get_attribute("role"), told) == ("status", [words])


def test_minutes_that_another_saves(place: Server, sit: Callable[..., Reader]) -> None:
    with place.app.app_context():
        there = f"/meetings/{begin(place.cast)['begun']}/minutes"
    amina, bruno = sit(place.cast.amina).page, sit(place.cast.bruno, viewport=DESKTOP).page
    look(bruno, there, "minutes")
    amina.goto(f"{there}/edit")
    amina.get_by_label("Compte rendu", exact=True).fill("On garde le mardi")
    amina.get_by_role("button", name="Enregistrer").click()
    expect(bruno.locator("#minutes article")).to_contain_text("On garde le mardi")
    heard(bruno, "minutes", "Le compte rendu vient de changer.")


def test_a_question_that_opens_and_closes(place: Server, sit: Callable[..., Reader]) -> None:
    amina, bruno = sit(place.cast.amina).page, sit(place.cast.bruno, viewport=DESKTOP).page
    words = "Les questions du club viennent de changer."
    look(amina, "/clubs/tilleul/ballots", "ballots")
    bruno.goto("/clubs/tilleul/ballots/new?way=sense")
    bruno.get_by_label("La question", exact=True).fill("On continue ?")
    bruno.get_by_role("button", name="Poser la question").click()
    question = amina.locator("#ballots").get_by_role("link", name="On continue")
    expect(question).to_be_visible()
    heard(amina, "ballots", words)
    question.click()
    amina.wait_for_load_state("networkidle")
    look(amina, amina.url, "ballot-now")
    bruno.get_by_label("Pour", exact=True).check()
    bruno.get_by_role("button", name="Répondre").click()
    # Each answer is shown, and not spoken: the end is.
    expect(amina.locator("#ballot-answers")).to_contain_text("Bruno")
    expect(bruno.get_by_role("status").first).to_contain_text("C’est noté")
    assert amina.evaluate("window.heard") == []
    bruno.get_by_text("Finir avant l’heure").click()
    bruno.get_by_role("button", name="Finir maintenant").click()
    expect(amina.locator("#ballot-now")).to_contain_text("La température est prise.")
    heard(amina, "ballot-now", "C’est fini : le résultat est là.")


def test_a_task_that_another_takes(place: Server, sit: Callable[..., Reader]) -> None:
    amina, bruno = sit(place.cast.amina).page, sit(place.cast.bruno, viewport=DESKTOP).page
    bruno.goto("/clubs/tilleul/tasks/new")
    bruno.get_by_label("Que faut-il faire").fill("Rappeler la mairie")
    bruno.get_by_role("button", name="Ajouter", exact=True).click()
    look(amina, "/clubs/tilleul/tasks", "tasks")
    bruno.get_by_role("button", name="Je m’en charge").click()
    expect(amina.locator("#tasks")).to_contain_text("Bruno")
    heard(amina, "tasks", "Les choses à faire viennent de changer.")
