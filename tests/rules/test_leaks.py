"""Nothing leaves: a whole journey through the real server, then every mail, log line, title, header and public page is
searched for markers, which are first found where they belong."""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.rules.stage import Stage
from tests.support import clients, databases
from tests.support.mailbox import Mailbox
from tests.support.page import Page
from tests.support.process import Server
from tests.support.sockets import Socket

SAID = {"message": "Zinnia-message", "title": "Zinnia-titre", "name": "Zinnia-nom", "meeting": "Zinnia-rencontre"}
REAL_NAMES = ("45 ans et plus", "Transitions au travail")
PLANTS = ("Tilleul", "tilleul", "Romarin", "romarin")
ADDRESSES = ("zinnia@maison.example", "amina@demo.example", "bruno@demo.example")


class Journey:
    """A newcomer comes in by code, joins, talks by page, call and socket; others break things on purpose."""

    def __init__(self, server: Server) -> None:
        self.server, self.stage = server, Stage(server.app, keep="revocation")
        self.seen: list[requests.Response] = []
        self.browser = requests.Session()

    def open(self, path: str, **data: Any) -> requests.Response:
        url = f"{self.server.url}{path}"
        if data:
            token = Page(self.browser.get(f"{self.server.url}/help").text).csrf_token
            answer = self.browser.post(url, data={"csrf_token": token, **data})
        else:
            answer = self.browser.get(url)
        self.seen += [*answer.history, answer]
        return answer

    def play(self) -> "Journey":
        self.come_in()
        self.talk()
        self.meet()
        self.break_things()
        return self

    def come_in(self) -> None:
        self.open("/sign-in", email=ADDRESSES[0], way="code", shared="y")
        mailbox = Mailbox(self.server.instance)
        for _ in range(200):
            if mailbox.to(ADDRESSES[0]):
                break
            self.open("/healthz")
        self.open("/sign-in/code", code=mailbox.code_for(ADDRESSES[0]))
        page = Page(self.open("/clubs/tilleul/join").text)
        form = page.form()
        agreed = {e.get("name"): e.get("value", "y") for e in page.all(".//main//input[@type='checkbox']")}
        self.open("/clubs/tilleul/join", **{**form.fields, **agreed, "name": SAID["name"]})

    def talk(self) -> None:
        cid = str(uuid.uuid4())
        answer = self.open("/clubs/tilleul/threads/new", title=SAID["title"], body=SAID["message"], client_id=cid)
        self.thread = answer.url.split("/threads/")[1].split("#")[0]
        self.bruno = clients.api_of(self.server.app, self.stage.cast.bruno).secret
        self.socket = Socket(self.server.url, self.bruno)
        self.log = self.socket.call("club:watch", {"club": "tilleul", "since": 0})
        self.socket.call("message:post", {"thread": self.thread, "client_id": str(uuid.uuid4()), "body": "Salut."})

    def call(self, path: str, method: str = "GET", **json_body: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.bruno}"}
        answer = requests.request(
            method, f"{self.server.url}/api/v1{path}", headers=headers, json=json_body or None, timeout=20
        )
        self.seen.append(answer)
        return answer

    def meet(self) -> None:
        slot = self.stage.known["slot"]
        self.claimed = self.call(f"/slots/{slot}/claim", "POST", club="tilleul", title=SAID["meeting"])

    def break_things(self) -> None:
        """Everything that could tempt somebody to log what was sent."""
        for path in ("/nowhere/Zinnia-message", f"/threads/{self.thread}?before=x", f"/clubs/tilleul?x={SAID['name']}"):
            self.open(path)
        self.open(f"/threads/{self.thread}", body=SAID["message"] * 400, client_id="no")
        self.open("/sign-in", email=ADDRESSES[1], password="Zinnia-message")
        self.call(f"/threads/{self.thread}/messages", "POST", body=SAID["message"], client_id=SAID["name"])
        headers = {"Authorization": f"Bearer {self.bruno}", "Content-Type": "application/json"}
        requests.post(f"{self.server.url}/api/v1/tokens", data=b'{"email": "amina@demo.exam', headers=headers)
        for event in ("message:post", "tilleul", "club:watch"):
            self.socket.call(event, {"body": SAID["message"], "club": SAID["name"]})
        self.socket.emit("message:post", [SAID["message"]])


@pytest.fixture(scope="module")
def journey() -> Iterator[Journey]:
    server = Server(databases.new_database("sqlite"), LOG_LEVEL="debug").start()
    played = Journey(server).play()
    yield played
    played.socket.close()
    server.stop()
    databases.close(server.app)


def found(markers: tuple[str, ...], text: str) -> list[str]:
    return [marker for marker in markers if marker in text]


def test_the_markers_are_where_they_belong(journey: Journey) -> None:
    thread = journey.open(f"/threads/{journey.thread}").text
    club = journey.open("/clubs/tilleul").text
    assert found((SAID["message"], SAID["title"], SAID["name"]), thread) == [
        SAID["message"], SAID["title"], SAID["name"]
    ]  # fmt: skip
    assert found(("45 ans et plus", "Tilleul", SAID["meeting"]), club) == ["45 ans et plus", "Tilleul", SAID["meeting"]]
    assert found((SAID["name"], SAID["message"]), json.dumps(journey.log, ensure_ascii=False)) == [
        SAID["name"], SAID["message"]
    ]  # fmt: skip
    assert journey.claimed.status_code == 201


def test_logs_hold_nothing_of_anybody(journey: Journey) -> None:
    log = journey.server.said()
    lines = log.splitlines()
    words = {word for line in lines for word in re.findall(r"[\w.@-]+", line)}
    everything = (*SAID.values(), *REAL_NAMES, *PLANTS, *ADDRESSES, "Zinnia", "127.0.0.1", "/threads", journey.thread)
    assert (found(everything, log), "Traceback" in log) == ([], False), sorted(words)
    assert [line for line in lines if not line.startswith("{")] == []


def test_mails_name_no_club_and_quote_nobody(journey: Journey) -> None:
    mails = Mailbox(journey.server.instance).mails()
    assert len(mails) >= 1
    text = "\n".join(mail.as_string() for mail in mails)
    assert found((ADDRESSES[0], "Maison"), text) == [ADDRESSES[0], "Maison"]
    assert found((*SAID.values(), *REAL_NAMES, *PLANTS), text) == []


def test_titles_say_the_plant_never_the_subject(journey: Journey) -> None:
    inside = ("/clubs/tilleul", "/clubs/tilleul/members", f"/threads/{journey.thread}")
    pages = ("/", "/clubs", "/agenda", "/account", *inside)
    titles = [Page(journey.open(path).text).title for path in pages]
    assert sum("Tilleul" in title for title in titles) >= 3
    assert found((*SAID.values(), *REAL_NAMES), "\n".join(titles)) == []


def test_headers_and_addresses_hold_nothing(journey: Journey) -> None:
    answers = [answer for answer in journey.seen if "Zinnia" not in (answer.request.path_url or "")]
    assert len(answers) >= 20
    text = "\n".join(f"{answer.url} {answer.headers}" for answer in answers)
    assert found((*SAID.values(), *REAL_NAMES, *ADDRESSES, "romarin"), text) == []


PUBLIC = (
    "/", "/clubs", "/clubs/tilleul", "/clubs/glycine", "/help", "/sign-in", "/houses/canal/slots", "/houses/port/slots",
    "/api/v1/clubs", "/api/v1/clubs/tilleul", "/api/v1/houses", "/api/v1/houses/canal/slots?limit=100",
    "/api/v1/openapi.json", "/clubs?show=online", "/nowhere",
)  # fmt: skip


@pytest.mark.parametrize("who", ["visitor", "outsider", "facilitator", "manager"])
def test_public_pages_name_no_person_and_no_discreet_club(journey: Journey, who: str) -> None:
    cast = journey.stage.cast
    people = {"outsider": cast.chloe, "facilitator": cast.denis, "manager": cast.elise}
    headers = {}
    if who != "visitor":
        cookie = clients.client_of(journey.server.app, people[who]).get_cookie("session")
        headers = {"Cookie": f"session={cookie.value}"}
    texts = [requests.get(f"{journey.server.url}{path}", headers=headers).text for path in PUBLIC]
    assert (len(texts), sum("45 ans et plus" in text for text in texts) >= 3) == (15, True)
    names = ("Zinnia", "Ama<", '"Ama"', "Bruno", "Dario", "Sacha", "romarin", "Romarin", "Transitions au travail")
    assert {path: found(names, text) for path, text in zip(PUBLIC, texts, strict=True) if found(names, text)} == {}
    assert found(tuple(journey.stage.cast.amina.memberships.values()), "\n".join(texts)) == []


def test_the_week_says_taken_and_no_more(journey: Journey) -> None:
    """Of a claim that is not public, strangers learn that the slot is not free; the club's members learn the rest."""

    def row(answer: requests.Response) -> dict[str, Any]:
        (found_row,) = [each for each in answer.json()["items"] if each["id"] == journey.stage.known["slot"]]
        return found_row

    url = "/houses/canal/slots?room=salle-1&limit=100"
    stranger, mine = row(requests.get(f"{journey.server.url}/api/v1{url}")), row(journey.call(url))
    assert (stranger["state"], stranger.get("claim")) == ("claimed", None)
    assert (mine["claim"]["club"], mine["claim"]["title"]) == ("tilleul", SAID["meeting"])
