"""The day of a meeting, in two browsers: that it moved the other reads at once, and then how many are on their way."""

from collections.abc import Callable

from playwright.sync_api import expect

from app.meetings.actions import answer_meeting
from tests.rooms.places import make_places
from tests.rules.arranged import begin
from tests.support.browser import Reader
from tests.support.process import Server


def test_who_looks_reads_at_once_that_it_moved_and_who_is_coming(server: Server, reader: Callable[..., Reader]) -> None:
    cast = server.cast
    assert cast is not None
    with server.app.app_context():
        make_places()
        meeting = begin(cast)["begun"]
        for person in (cast.amina, cast.bruno):
            answer_meeting(person.actor, meeting, "yes")
    looks = reader(cast.amina).page
    with looks.expect_websocket():
        looks.goto(f"/meetings/{meeting}")
    today = looks.locator("#today")
    expect(today).to_contain_text("Personne n’a encore dit être en route.")
    lead = reader(cast.bruno).page
    lead.goto(f"/meetings/{meeting}")
    lead.get_by_role("button", name="Je serai en retard").click()
    expect(lead.locator("#today")).to_contain_text("1 personne est en route. 1 en retard.")
    lead.get_by_role("link", name="La rencontre est déplacée").click()
    lead.get_by_label("Où, en quelques mots").fill("Devant la porte")
    lead.get_by_role("button", name="Le dire").click()
    expect(today).to_contain_text("La rencontre est déplacée. Devant la porte")
    # No row of the log said so: it was asked for again with the rest, as it is every minute.
    expect(today).to_contain_text("1 personne est en route. 1 en retard.")
