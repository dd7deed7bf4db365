"""Journey 4: reported, hidden with a reason, contested, decided by another; then a pause that leaving does not end."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.talk import Talk, message, open_talk
from tests.support.browser import DESKTOP, PHONE, Reader
from tests.support.cast import Person, make_person
from tests.support.process import Server

MEAN = "Reste à la maison."
HIDDEN = "Message caché par une personne responsable. Règle 1 : respecter chacun."


def test_a_message_is_reported_and_the_club_reads_the_acts_not_the_people(
    server: Server, reader: Callable[..., Reader]
) -> None:
    talk, cast = Talk(server), server.cast
    with server.app.app_context():
        zoe = make_person("zoe", tilleul="Zoé")
    mean = talk.say(cast.amina, MEAN)

    member = reader(zoe, viewport=PHONE).page
    report(open_talk(member, talk), mean)

    lead = reader(cast.bruno, viewport=DESKTOP).page
    lead.goto("/clubs/tilleul")
    lead.get_by_role("link", name="Demandes 1 en attente").click()
    lead.get_by_role("link", name="Lire et décider").click()
    expect(lead.locator(".msg--target")).to_contain_text("Personne A")
    assert not {"Ama", "Zoé"} & set(lead.get_by_role("main").inner_text().split())
    lead.get_by_text("Cacher le message").click()
    lead.get_by_label("Pourquoi, en une phrase").fill("Cette phrase blesse.")
    lead.get_by_role("button", name="Décider").click()
    expect(lead.get_by_role("status")).to_contain_text("C’est décidé.")

    expect(bubble(member, mean)).to_have_text(HIDDEN)
    expect(message(member, MEAN)).to_have_count(0)

    author = reader(cast.amina, viewport=PHONE).page
    author.goto("/")
    author.get_by_role("link", name="Une décision vous concerne").click()
    author.get_by_role("link", name="Votre message est caché").click()
    expect(author.get_by_role("main")).to_contain_text("Cette phrase blesse.")
    author.get_by_label("Pourquoi n’êtes-vous pas d’accord ?").fill("C’était une blague entre nous.")
    author.get_by_role("button", name="Contester").click()
    expect(author.get_by_role("main")).to_contain_text("vous répondra ici, par écrit")

    staff = reader(cast.denis, viewport=DESKTOP).page
    staff.goto("/desk")
    staff.get_by_role("link", name="Lire et répondre").click()
    expect(staff.get_by_role("main")).to_contain_text("C’était une blague entre nous.")
    assert not {"Ama", "Zoé", "Bruno"} & set(staff.get_by_role("main").inner_text().split())
    staff.get_by_text("Annuler la décision").click()
    staff.get_by_label("Votre réponse, en une ou deux phrases").fill("On a le droit de rire.")
    staff.get_by_role("button", name="Répondre").click()

    expect(bubble(member, mean)).to_have_text(MEAN)
    author.reload()
    expect(author.get_by_role("main")).to_contain_text("La décision est annulée")

    member.goto("/clubs/tilleul/journal")
    journal = member.get_by_role("main").inner_text()
    for act in ("Un message est caché.", "Une décision est contestée.", "Une décision contestée est défaite."):
        assert act in journal
    assert [name for name in ("Ama", "Zoé", "Bruno", "Denis", MEAN) if name in journal] == []

    pause(lead, cast.amina)
    author.goto("/clubs/tilleul")
    comes_back_in_vain(author)


def report(page: Page, message_id: str) -> None:
    """Two taps: "Signaler", then send."""
    said = page.locator(f"#m-{message_id}")
    said.locator("summary").click()
    said.get_by_role("link", name="Signaler").click()
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("status").first).to_contain_text("Votre signalement est parti.")
    expect(page.locator("[role=log]")).to_have_attribute("data-line", "live")


def bubble(page: Page, message_id: str):
    return page.locator(f"#m-{message_id} .bubble")


def pause(page: Page, person: Person) -> None:
    page.goto(f"/clubs/tilleul/members/{person.memberships['tilleul']}/pause")
    page.get_by_label("Dites pourquoi, en une phrase").fill("Cela recommence.")
    page.get_by_role("button", name="Mettre en pause").click()
    expect(page.get_by_role("status").first).to_contain_text("une personne est en pause")


def comes_back_in_vain(page: Page) -> None:
    """On pause: she reads why, is not inside, and leaving to enter again under another name opens nothing."""
    expect(page.get_by_role("main")).to_contain_text("Vous êtes en pause dans ce club")
    expect(page.get_by_role("link", name="Ouvrir une discussion")).to_have_count(0)
    page.get_by_role("link", name="Quitter ce club").click()
    page.get_by_role("main").get_by_role("button", name="Quitter").click()
    page.goto("/clubs/tilleul")
    expect(page.get_by_role("main")).to_contain_text("Vous êtes en pause dans ce club")
    page.goto("/clubs/tilleul/join")
    expect(page.get_by_label("Votre nom dans ce club")).to_have_count(0)
