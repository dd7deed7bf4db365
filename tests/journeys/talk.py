"""A discussion on a running server: people speak in it by the JSON door while others look at the page."""

import uuid
from typing import Any

import requests
from playwright.sync_api import Locator, Page, expect

from tests.support.cast import Person
from tests.support.clients import api_of
from tests.support.process import Server

SECONDS = 10


class Talk:
    """A discussion of Tilleul that Bruno opened, or of another club by one of its members."""

    def __init__(self, server: Server, slug: str = "tilleul", by: Person | None = None) -> None:
        assert server.cast is not None
        self.server, self.cast = server, server.cast
        self._secrets: dict[str, str] = {}
        first = {"title": "Mardi : on amène quoi ?", "body": "Bonjour **à tous**", "client_id": str(uuid.uuid4())}
        self.by = by or self.cast.bruno
        opened = self.call(self.by, "POST", f"/clubs/{slug}/threads", first)
        self.thread, self.first = opened["thread"]["id"], opened["message"]["id"]
        self.path = f"/threads/{self.thread}"

    def call(self, person: Person, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        if person.key not in self._secrets:
            self._secrets[person.key] = api_of(self.server.app, person).secret
        answer = requests.request(
            method,
            f"{self.server.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self._secrets[person.key]}"},
            timeout=SECONDS,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def say(self, person: Person, body: str, **more: str) -> str:
        """Post a message; returns its id."""
        draft = {"body": body, "client_id": str(uuid.uuid4()), **more}
        said = self.call(person, "POST", f"{self.path}/messages", draft)
        return str(said["id"])

    def stored(self) -> list[str]:
        """Every body of the discussion, in order."""
        read = self.call(self.by, "GET", f"{self.path}/messages?limit=100")
        return [message["body"] for message in read["items"]]


def open_talk(page: Page, talk: Talk) -> Page:
    """Open the discussion, and wait until the page is live."""
    page.goto(talk.path)
    expect(page.locator("[role=log]")).to_have_attribute("data-line", "live")
    return page


def write(page: Page, text: str) -> None:
    page.get_by_label("Votre message").fill(text)
    page.get_by_role("button", name="Envoyer").click()


def message(page: Page, text: str) -> Locator:
    return page.locator(".msg", has=page.locator(".bubble", has_text=text))


def bodies(page: Page) -> list[str]:
    return page.locator("#log .bubble").all_inner_texts()
