"""Nothing that a request says of itself sends a person elsewhere: a way back, a host, a proxy that is not there."""

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from flask import Flask

from tests.support import clients, databases
from tests.support.application import make_app
from tests.support.cast import Cast, make_cast
from tests.support.mailbox import Mailbox

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
EVIL = "evil.example"
FORGED = {
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Server": EVIL,
    "X-Forwarded-Prefix": f"//{EVIL}",
    "X-Original-URL": f"//{EVIL}/",
    "X-Rewrite-URL": f"//{EVIL}/",
    "X-Host": EVIL,
    "Forwarded": f"for=127.0.0.1;host={EVIL};proto=https",
}


def targets() -> list[str]:
    """Ways to write an address elsewhere, for who reads it as a path of ours."""
    heads = (
        "//",
        "///",
        "////",
        "/\\",
        "\\\\",
        "\\/",
        "/\t/",
        "/\n/",
        "/ /",
        "/.//",
        "/..//",
        "/%2f/",
        "/%5c",
        "https:",
        "https:/",
    )
    heads += (
        "https://",
        "http://",
        "HTTPS://",
        "//user@",
        "/\\/",
        "\x00//",
        " //",
        "\u2028//",
        "／／",
        "//127.0.0.1@",
        "javascript://",
    )
    return [f"{head}{EVIL}{tail}" for head, tail in itertools.product(heads, ("", "/clubs", "%2f..", "?/", "#/"))]


def leads(location: str | None) -> str:
    """The host that a browser would go to: backslashes are slashes to it, tabs and line ends nothing."""
    read = (location or "/").strip("".join(map(chr, range(33))))
    read = "".join(sign for sign in read if sign not in "\t\r\n").replace("\\", "/")
    return urlsplit(urljoin("http://localhost/sign-in", read)).netloc


@sqlite
def test_no_way_back_leads_elsewhere(app: Flask, cast: Cast, client_of: Any) -> None:
    amina, found = client_of(cast.amina), set()
    token = amina.token()
    for target in targets():
        asked = quote(target)
        for path in (f"/sign-in?next={asked}", f"/sign-up?next={asked}", f"/reading?language=es&next={asked}"):
            found.add(leads(amina.get(path).location))
        for path in ("/reading", "/sign-out"):
            sent = {"csrf_token": token, "text": "l", "next": target, "back": target}
            if path == "/reading":
                found.add(leads(amina.post(path, data=sent, headers={"Referer": f"https://{EVIL}/{asked}"}).location))
    assert found == {"localhost"}
    assert leads(f"//{EVIL}/x") == EVIL


@sqlite
def test_a_forged_host_stands_in_no_answer_and_in_no_mail(
    app: Flask, cast: Cast, visitor: clients.PageClient, run_jobs: Any, mailbox: Mailbox
) -> None:
    said = []
    for headers in ({"Host": EVIL}, FORGED, {**FORGED, "Host": EVIL}):
        for path in ("/", "/sign-in", "/clubs/tilleul", "/nowhere", "/agenda", "/api/v1/clubs", "/api/v1/openapi.json"):
            answer = visitor.get(path, headers=headers)
            said.append(f"{answer.headers} {answer.get_data(as_text=True)}")
    token = visitor.token("/sign-in")
    sent = {"csrf_token": token, "email": "zoe@maison.example", "way": "code", "shared": "y"}
    said.append(str(visitor.post("/sign-in", data=sent, headers=FORGED).headers))
    run_jobs()
    mails = mailbox.to("zoe@maison.example")
    assert len(mails) == 1
    said += [str(mail) for mail in mails]
    assert [text for text in said if EVIL in text] == []


def place(**settings: Any) -> Flask:
    app = make_app(databases.new_database("sqlite"), **settings)
    with app.app_context():
        make_cast()
    return app


@pytest.fixture(params=[0, 1])
def behind(request: pytest.FixtureRequest) -> Iterator[tuple[int, Flask]]:
    app = place(TRUSTED_PROXIES=request.param)
    yield request.param, app
    databases.close(app)


def test_who_asks_is_told_by_the_trusted_proxies_alone(behind: tuple[int, Flask]) -> None:
    """Twenty tries for each address: what the asker writes in front does not make them somebody else."""
    hops, app = behind
    answers = []
    for number in range(22):
        invented = f"198.51.100.{number}"
        heard = f"{invented}, 203.0.113.9" if hops else invented
        headers = {
            "X-Forwarded-For": heard,
            "X-Real-IP": invented,
            "Forwarded": f"for={invented}",
            "Client-IP": invented,
        }
        body = {"email": f"nobody-{number}@maison.example", "password": "faux"}
        answers.append(clients.visitor(app).post("/api/v1/tokens", json=body, headers=headers).status_code)
    assert answers == [401] * 20 + [429] * 2
