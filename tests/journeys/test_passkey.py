"""A device of one's own as a key, with Chromium's own virtual authenticator; it needs an address with a name."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.accounts.proofs.models import Passkey
from app.core.db import db
from tests.support import databases
from tests.support.browser import Reader
from tests.support.process import Server, free_port

KIND = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def named_server(browser: Any) -> Iterator[Server]:
    port = free_port()
    server = Server(databases.new_database("sqlite"), PORT=port, BASE_URL=f"http://localhost:{port}").start()
    yield server
    server.stop()
    databases.close(server.app)


@pytest.fixture
def named(named_server: Server) -> Server:
    """A server at an address with a name, its house made anew."""
    named_server.renew()
    return named_server


@pytest.fixture
def sit(named: Server, browser: Any) -> Iterator[Callable[..., Reader]]:
    opened: list[Reader] = []

    def sit_down(**options: Any) -> Reader:
        opened.append(Reader(browser, named.public_url, **options))
        return opened[-1]

    yield sit_down
    for each in opened:
        each.close()


def give_authenticator(page: Page) -> tuple[Any, str]:
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    return line, line.send("WebAuthn.addVirtualAuthenticator", {"options": KIND})["authenticatorId"]


def by_password(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Votre adresse e-mail").fill(email)
    page.get_by_label("Cet appareil sert à plusieurs personnes").uncheck()
    page.get_by_text("J’ai choisi un mot de passe").click()
    page.get_by_label("Mot de passe").fill("pepiniere-demo")
    page.get_by_role("button", name="Entrer avec mon mot de passe").click()
    page.wait_for_url("**/")


def settle_device(page: Page, label: str) -> None:
    page.goto("/account")
    page.get_by_role("link", name="Régler cet appareil").click()
    page.get_by_label("Le nom de cet appareil").fill(label)
    page.get_by_role("button", name="Régler cet appareil").click()
    expect(page.get_by_role("heading", name=label)).to_be_visible()


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Fermer ma session").click()
    expect(page.get_by_text("Votre session est fermée.")).to_be_visible()


def by_device(page: Page) -> None:
    page.goto("/sign-in?next=/account")
    page.get_by_role("button", name="Entrer avec cet appareil").click()


def test_a_device_is_settled_lets_in_and_is_given_up(named: Server, sit: Callable[..., Reader]) -> None:
    page = sit().page
    line, phone = give_authenticator(page)
    by_password(page, "amina@demo.example")
    settle_device(page, "Mon téléphone")
    (kept,) = line.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"]
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)
    assert "amina" not in str(kept)
    sign_out(page)

    by_device(page)
    expect(page.locator("h1")).to_have_text("Mon compte")
    expect(page.get_by_text("1 appareil réglé.")).to_be_visible()

    page.get_by_role("link", name="Régler cet appareil").click()
    page.get_by_role("link", name="Changer Mon téléphone").click()
    page.get_by_role("button", name="Enlever").click()
    expect(page.get_by_text("Cet appareil ne fait plus entrer.")).to_be_visible()
    sign_out(page)
    by_device(page)
    expect(page.get_by_text("Cela n’a pas marché.").first).to_be_visible()
    assert page.url.endswith("/sign-in?next=/account")
    with named.app.app_context():
        assert db.session.scalars(db.select(Passkey)).all() == []


def test_two_people_share_no_key_and_a_finger_that_is_not_known_opens_nothing(
    named: Server, sit: Callable[..., Reader]
) -> None:
    page = sit().page
    line, phone = give_authenticator(page)
    by_password(page, "bruno@demo.example")
    settle_device(page, "Celui de Bruno")
    sign_out(page)
    line.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": phone})
    line.send("WebAuthn.addVirtualAuthenticator", {"options": KIND})
    by_password(page, "chloe@demo.example")
    settle_device(page, "Celui de Chloé")
    expect(page.get_by_text("Celui de Bruno")).to_have_count(0)
    sign_out(page)
    by_device(page)
    page.get_by_role("link", name="Régler cet appareil").click()
    expect(page.get_by_role("heading", name="Celui de Chloé")).to_be_visible()


def test_without_the_means_the_button_does_not_show(named: Server, sit: Callable[..., Reader]) -> None:
    plain = sit(java_script_enabled=False).page
    plain.goto("/sign-in")
    expect(plain.get_by_role("button", name="Recevoir un code")).to_be_visible()
    expect(plain.get_by_role("button", name="Entrer avec cet appareil")).to_have_count(0)
    page = sit().page
    page.goto(f"{named.url}/sign-in")
    expect(page.get_by_role("button", name="Recevoir un code")).to_be_visible()
    expect(page.get_by_role("button", name="Entrer avec cet appareil")).to_have_count(0)
