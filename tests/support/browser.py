"""A real Chromium. Whatever the console complains of fails the test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.cast import Person
from tests.support.clients import client_of
from tests.support.run import cannot_run
from tests.support.tls_proxy import fingerprint

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    # A microphone that hums, for the page on which one hears oneself.
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip
# The same engine; without the windows of a desktop around it, a page costs a third.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
# A busy machine is slow; what must come at once is said by the test that wants it.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        cannot_run("the browser tests: Chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        # The certificate is our own. A browser that trusts its key meets no error to get over at each connection.
        trusted = f"--ignore-certificate-errors-spki-list={fingerprint()}"
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, trusted])
        yield browser
        browser.close()


class Reader:
    """Somebody at a browser: ``reader.page`` is their page; ``complaints`` what the console said."""

    def __init__(self, browser: Browser, base_url: str, **options: Any) -> None:
        options = {"viewport": PHONE, "locale": "fr-FR", "timezone_id": "Europe/Paris", **options}
        self.base_url = base_url
        self.complaints: list[str] = []
        self.allowed: list[str] = []
        self.context: BrowserContext = browser.new_context(base_url=base_url, **options)
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda said: self._console(said.type, f"{said.text} {said.location.get('url', '')}"))
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        return page

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"console {kind}: {text}")

    def allow(self, *fragments: str) -> None:
        """Complaints that belong to the story (a cut network, a refused form)."""
        self.allowed += fragments

    def sign_in(self, app: Flask, person: Person, *, shared: bool = False) -> "Reader":
        """Take over a session of that person. shared: on a device for several people."""
        client = client_of(app, person, shared=shared)
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
        assert cookie is not None
        kept = {"name": name, "value": cookie.value, "url": self.base_url, "sameSite": "Lax", "httpOnly": True}
        self.context.add_cookies([{**kept, "secure": self.base_url.startswith("https://")}])
        return self

    def begin_anew(self) -> None:
        """Another page in the same browser, which remembers files and nobody."""
        self.page.close()
        self.context.clear_cookies()
        self.complaints.clear()
        self.allowed.clear()
        self.page = self.new_page()

    def close(self) -> None:
        """Close, and raise when the console complained of something that was not allowed."""
        self.context.close()
        self.judge()

    def judge(self) -> None:
        """Raise when the console complained of something that was not allowed."""
        left = [said for said in self.complaints if not any(part in said for part in self.allowed)]
        assert not left, "the browser's console complained:\n" + "\n".join(left)
