"""A demo house of its own for the pictures, and the people who look at it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page

from app.config import ROOT
from tests.support.browser import PHONE
from tests.support.process import STOP_SECONDS, free_port
from tests.support.waiting import wait_until_up

PASSWORD = "pepiniere-demo"


class House:
    """``python -m app.server --prepare`` in a folder that is thrown away."""

    def __init__(self, instance: Path, **settings: str) -> None:
        self.instance = instance
        self.known: dict[str, Any] = {"": []}  # who came in, by the cookies of their browser
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        told = {
            "INSTANCE_DIR": str(instance),
            "PORT": str(port),
            "LIMIT_FACTOR": "1000",
            "LOG_LEVEL": "error",
            **settings,
        }
        command = [sys.executable, "-m", "app.server", "--prepare"]
        self.log = instance / "stderr.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=kept | told, stdout=subprocess.DEVNULL, stderr=log)

    def wait(self) -> None:
        """Until it says that it is ready."""
        wait_until_up(self.process, self._ready, self.log)

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(STOP_SECONDS)


@contextmanager
def demo_house(**settings: str) -> Iterator[House]:
    """The demo, filled and answering; ``DEMO="off"``: a house that is still to be opened."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), **settings)
        try:
            house.wait()
            yield house
        finally:
            house.stop()


def sit(browser: Browser, house: House, name: str = "", reading: str = "m.light..fr") -> Page:
    """Somebody of the demo, or a visitor, at a browser of their own that reads this way."""
    told: dict[str, Any] = {"base_url": house.url, "viewport": PHONE, "locale": "fr-FR"}
    context = browser.new_context(**told)
    page = context.new_page()
    if name not in house.known:
        house.known[name] = come_in(page, f"{name}@demo.example")
    context.add_cookies([*house.known[name], {"name": "reading", "value": reading, "url": house.url}])
    return page


def come_in(page: Page, address: str) -> Any:
    """Sign in by the form; what the browser then keeps."""
    page.goto("/sign-in")
    page.locator("#email").fill(address)
    page.locator("details.more summary").click()
    page.locator("#password").fill(PASSWORD)
    page.locator("button[value=password]").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page.context.cookies()
