"""``make run`` as a newcomer types it (CONTRACT 1): what it says, that it keeps what it holds, how it ends."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import requests

from tests.start.conftest import Run, environ

Start = Callable[..., Run]
PEOPLE = ", ".join(f"{name}@demo.example" for name in ("amina", "bruno", "chloe", "dario", "denis", "elise"))
CLUBS = 9


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_it_says_where_it_is_who_may_come_in_and_where_mails_go(make_run: Start, tmp_path: Path) -> None:
    run = make_run()
    assert run.lines[-3:] == [
        f"Pépinière: {run.url}",
        f"Demo accounts: {PEOPLE} (password: pepiniere-demo)",
        f"Mails go to: {tmp_path}/instance/outbox, one .eml each",
    ]
    assert requests.get(f"{run.url}/healthz").json() == {"status": "ok"}
    ready = requests.get(f"{run.url}/readyz")
    assert (ready.status_code, sorted(ready.json())) == (200, ["canary_at", "database", "jobs_at", "queue", "status"])
    assert (ready.json()["database"], ready.json()["queue"]) == ("sqlite", "none")
    assert "<h1" in requests.get(run.url).text


def test_a_second_run_finds_the_same_house_and_ends_at_once(make_run: Start) -> None:
    first = make_run()
    before, token = clubs(first), token_of(first)
    server = first.server
    status, seconds = first.end(server)
    assert (status, seconds < 5, alive(server)) == (0, True, False)
    second = make_run()
    assert (clubs(second), len(before)) == (before, CLUBS)
    assert me(second, token)["role"] == "member"
    assert second.lines[-2].startswith("Demo accounts: amina@demo.example")
    server = second.server
    # make itself dies of the signal, as make does, once the server that it waits for has ended.
    status, seconds = second.end(second.process.pid)
    assert (status, seconds < 5, alive(server)) == (-15, True, False)


def clubs(run: Run) -> list[str]:
    return [club["slug"] for club in requests.get(f"{run.url}/api/v1/clubs").json()["items"]]


def token_of(run: Run) -> str:
    asked = {"email": "amina@demo.example", "password": "pepiniere-demo", "label": "essai"}
    token: str = requests.post(f"{run.url}/api/v1/tokens", json=asked).json()["token"]
    return token


def me(run: Run, token: str) -> dict[str, str]:
    answer = requests.get(f"{run.url}/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    found: dict[str, str] = answer.json()
    return found


def test_a_house_that_others_can_reach_has_no_demo(make_run: Start) -> None:
    run = make_run(BASE_URL="https://maison.example", SMTP_URL="smtp+starttls://moi:secret@mail.example:587")
    assert (run.lines[-3], run.lines[-1]) == ("Pépinière: https://maison.example", "Mails go to: mail.example:587")
    assert run.lines[-2].startswith("No house yet. Open https://maison.example/setup with this code, once: ")
    assert "demo" not in run.output.read_text().lower()
    assert "secret" not in run.output.read_text()
    assert clubs(run) == []
    asked = {"email": "amina@demo.example", "password": "pepiniere-demo", "label": "essai"}
    assert requests.post(f"{run.url}/api/v1/tokens", json=asked).status_code == 401


def test_a_wrong_setting_is_said_in_one_line(clone: Path, make_run: Start, tmp_path: Path) -> None:
    wrong = environ(tmp_path, INSTANCE_DIR=tmp_path / "instance", PORT="abc")
    ended = subprocess.run(["make", "run"], cwd=clone, env=wrong, capture_output=True, text=True, check=False)
    said = [line for line in ended.stderr.splitlines() if not line.startswith("make")]
    assert said == ["pepiniere: PORT: must be a whole number from 1 to 65535"]
    assert (ended.returncode, ended.stdout) == (2, "")


def test_without_the_demo_it_prints_a_code_that_opens_the_house_once(make_run: Start) -> None:
    run = make_run(DEMO="off")
    assert (run.lines[-3], len(run.lines[-2].rpartition(": ")[2])) == (f"Pépinière: {run.url}", 8)
    assert run.lines[-2].startswith(f"No house yet. Open {run.url}/setup with this code, once: ")
    home = requests.get(run.url, allow_redirects=False)
    assert (home.status_code, home.headers["Location"]) == (303, "/setup")
    assert requests.get(f"{run.url}/api/v1/houses").json()["items"] == []
