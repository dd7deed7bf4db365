"""Journey 7: a person takes what is theirs, leaves for good in three taps, and no trace of the membership remains."""

import json
import zipfile
from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Job
from tests.journeys.talk import Talk, message, open_talk
from tests.support import factories as make
from tests.support.browser import PHONE, Reader
from tests.support.cast import Person
from tests.support.process import Server

SAID = "Moi, j’amène des chaises."


def test_who_leaves_takes_what_is_theirs_and_leaves_no_trace(server: Server, reader: Callable[..., Reader]) -> None:
    talk, amina = Talk(server), server.cast.amina
    talk.say(amina, SAID)
    lead = open_talk(reader(server.cast.bruno, viewport=PHONE).page, talk)
    expect(message(lead, SAID)).to_have_count(1)

    mine = reader(amina, viewport=PHONE).page
    mine.goto("/account")
    with mine.expect_download() as coming:
        mine.get_by_role("button", name="Préparer mon fichier").click()
    with zipfile.ZipFile(coming.value.path()) as pack:
        assert SAID in pack.read("index.html").decode()
        assert [row["text"] for row in json.loads(pack.read("json/messages.json"))] == [SAID]
        assert "Bonjour" not in pack.read("index.html").decode()

    mine.get_by_role("link", name="Effacer mon compte").click()
    mine.get_by_role("button", name="Continuer").click()
    mine.get_by_label("Votre mot de passe").fill(make.PASSWORD)
    mine.get_by_role("button", name="Effacer mon compte").click()
    expect(mine.locator("h1")).to_have_text("Votre compte est effacé")
    mine.goto("/account")
    expect(mine).to_have_url("/sign-in?next=/account")

    # The club sees nothing of it before its own moment.
    expect(message(lead, SAID)).to_have_count(1)
    the_moment_comes(server, amina)
    expect(message(lead, SAID)).to_have_count(0)
    expect(lead.get_by_role("log")).to_contain_text("Un ancien membre")
    lead.goto("/clubs/tilleul/members")
    expect(lead.get_by_role("main")).to_contain_text("Bruno")
    assert "Ama" not in lead.get_by_role("main").inner_text()


def the_moment_comes(server: Server, person: Person) -> None:
    """What was drawn for Tilleul is now."""
    with server.app.app_context(), transaction():
        for job in db.session.scalars(select(Job).where(Job.kind == "clubs:part")):
            if job.payload["membership"] == person.memberships["tilleul"]:
                job.run_at = now()
