"""A body that breaks a parser is a refusal like another: no error of ours, nothing in the log."""

import pytest

from tests.support import clients

BROKEN = {
    "lists": b"[" * 60_000,
    "objects": b'{"a":' * 20_000,
    "closed": b"[" * 60_000 + b"]" * 60_000,
    "long number": b'{"email":' + b"1" * 5_000 + b"}",
    "no json": b"{",
    "no text": b'"\xff"',
}


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str]):
    return lambda: capfd.readouterr().err


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_a_body_that_cannot_be_read_is_a_bad_request(visitor: clients.PageClient, body: bytes, told) -> None:
    answer = visitor.post("/api/v1/tokens", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"], told()) == (400, "bad_request", "")


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (r'"email": "\ud800", "password": "x"', 422),
        (r'"email": "a\ud800@e.org", "password": "x"', 401),
        (r'"email": "a@e.org", "password": "x\uDfff"', 401),
        (r'"email": "a@e.org", "password": "\ud83d\ude00"', 401),
    ],
)
def test_half_a_sign_is_no_sign(visitor: clients.PageClient, fields: str, status: int, told) -> None:
    answer = visitor.post("/api/v1/tokens", data="{" + fields + "}", content_type="application/json")
    assert (answer.status_code, told()) == (status, "")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_no_json_stays_none(visitor: clients.PageClient) -> None:
    answer = visitor.post("/api/v1/tokens", data=r"\ud83d", content_type="text/plain")
    assert answer.status_code == 422
