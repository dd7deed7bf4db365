"""Settings: a wrong one stops the start by its name, in one line; a right one is taken from where it belongs."""

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.config import ROOT, SettingError, load_settings
from app.core.db import sqlite_fault
from tests.support.process import free_port

OUTSIDE = {"BASE_URL": "https://maison.example", "SMTP_URL": "smtp://mail.example:25"}
WRONG = [
    ("SECRET_KEY", {"SECRET_KEY": "short"}),
    ("DATABASE_URL", {"DATABASE_URL": "mysql://x/y"}),
    ("PORT", {"PORT": "abc"}),
    ("PORT", {"PORT": "0"}),
    ("PORT", {"PORT": "65536"}),
    ("PORT", {"PORT": "٥٠٠٠"}),
    ("BASE_URL", {"BASE_URL": "maison.example"}),
    ("BASE_URL", {"BASE_URL": "https://"}),
    ("BASE_URL", {"BASE_URL": "ftp://maison.example"}),
    ("BASE_URL", {**OUTSIDE, "BASE_URL": "http://maison.example"}),
    ("BASE_URL", {**OUTSIDE, "BASE_URL": "https://maison.example/clubs"}),
    ("BASE_URL", {**OUTSIDE, "BASE_URL": "https://maison.example?x=1"}),
    ("BASE_URL", {**OUTSIDE, "BASE_URL": "https://moi:secret@maison.example"}),
    ("SMTP_URL", {"BASE_URL": "https://maison.example"}),
    ("SMTP_URL", {**OUTSIDE, "SMTP_URL": "mail.example"}),
    ("SMTP_URL", {**OUTSIDE, "SMTP_URL": "smtp://mail.example:port"}),
    ("MAIL", {"MAIL": "on"}),
    ("MAIL", {**OUTSIDE, "MAIL": "off"}),
    ("BASE_URL", {"BASE_URL": "http://maison.example", "MAIL": "off"}),
    ("EXIT_URL", {"EXIT_URL": "javascript:x"}),
    ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "-1"}),
    ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "many"}),
    ("HOUSE_NETWORKS", {"HOUSE_NETWORKS": "192.0.2.0/24, here"}),
    ("DEFAULT_LOCALE", {"DEFAULT_LOCALE": "de"}),
    ("LOG_LEVEL", {"LOG_LEVEL": "loud"}),
    ("LIMIT_FACTOR", {"LIMIT_FACTOR": "0"}),
    ("LIMIT_FACTOR", {"LIMIT_FACTOR": "nan"}),
    ("DEMO", {"DEMO": "perhaps"}),
    ("WORKERS", {"WORKERS": "0"}),
    ("WORKERS", {"WORKERS": "two"}),
    ("WORKERS", {"WORKERS": "65", "REDIS_URL": "redis://localhost"}),
    ("WORKERS", {"WORKERS": "2"}),
    ("REDIS_URL", {"REDIS_URL": "localhost:6379"}),
    ("REDIS_URL", {"REDIS_URL": "redis://"}),
    ("REDIS_URL", {"REDIS_URL": "redis://localhost:port"}),
    ("REDIS_URL", {"REDIS_URL": "redis://localhost/first"}),
    ("REDIS_URL", {"REDIS_URL": "unix://"}),
]


@pytest.mark.parametrize(("name", "environ"), WRONG)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, name: str, environ: dict[str, str]) -> None:
    with pytest.raises(SettingError) as error:
        load_settings(environ, tmp_path)
    told = str(error.value)
    assert (told.split(":")[0], told.count("\n")) == (name, 0)


def ended_start(
    folder: Path, *start: str, before: Callable[[], None] | None = None, **settings: str
) -> "subprocess.CompletedProcess[str]":
    """What became of a server that cannot begin."""
    environ = {**os.environ, "INSTANCE_DIR": str(folder), **settings}
    return subprocess.run(
        [sys.executable, "-m", *start], cwd=ROOT, env=environ, capture_output=True, text=True, preexec_fn=before
    )


@pytest.mark.parametrize("start", [["app.server"], ["app.server", "--prepare"]], ids=" ".join)
def test_a_wrong_setting_stops_the_start(tmp_path: Path, start: list[str]) -> None:
    ended = ended_start(tmp_path, *start, PORT="abc")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "pepiniere: PORT: must be a whole number from 1 to 65535\n"


SEVERAL = {"WORKERS": "2", "REDIS_URL": "unix:///nowhere"}


@pytest.mark.parametrize("workers", [{}, SEVERAL], ids=["one", "two"])
@pytest.mark.parametrize("start", [["app.server"], ["app.server", "--prepare"]], ids=" ".join)
def test_a_database_that_cannot_be_used_stops_the_start(
    tmp_path: Path, start: list[str], workers: dict[str, str]
) -> None:
    nowhere = f"sqlite:///{tmp_path}/nowhere/house.sqlite3"
    ended = ended_start(tmp_path, *start, DATABASE_URL=nowhere, PORT=str(free_port()), **workers)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert [line.split(":")[:2] for line in ended.stderr.splitlines()] == [["pepiniere", " DATABASE_URL"]]


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Maison.Example/", "https://maison.example"),
        ("https://maison.example:443", "https://maison.example"),
        ("https://maison.example:8443", "https://maison.example:8443"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:5000", "http://[::1]:5000"),
    ],
)
def test_the_house_s_address_is_what_browsers_say(tmp_path: Path, given: str, origin: str) -> None:
    known = load_settings({**OUTSIDE, "BASE_URL": given}, tmp_path)
    assert (known.base_url, known.origins[0]) == (origin, origin)


def test_the_defaults_are_a_house_on_this_machine(tmp_path: Path) -> None:
    known = load_settings({}, tmp_path)
    assert (known.base_url, known.trusted_proxies, known.limit_factor) == ("http://127.0.0.1:5000", 0, 1.0)
    assert known.database_url == f"sqlite:///{tmp_path}/pepiniere.sqlite3"
    assert (known.loopback, known.secure, known.smtp_url) == (True, False, "")


def test_one_worker_needs_nobody_and_several_need_redis(tmp_path: Path) -> None:
    assert (load_settings({}, tmp_path).workers, load_settings({}, tmp_path).redis_url) == (1, "")
    for address in ("redis://localhost", "rediss://:secret@redis.example:6380/2", "unix:///run/redis.sock"):
        known = load_settings({"WORKERS": "2", "REDIS_URL": address}, tmp_path)
        assert (known.workers, known.redis_url) == (2, address)


def test_an_old_sqlite_is_refused_to_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (sqlite_fault("sqlite:///house.sqlite3"), sqlite_fault("postgresql+psycopg://u@h/d")) == ("", "")
    monkeypatch.setattr("app.core.db.SAFE_SQLITE", (99, 1, 2))
    said = sqlite_fault("sqlite:///house.sqlite3")
    assert said.startswith("several processes need SQLite 99.1.2 or newer, this is 3.")
    assert sqlite_fault("postgresql+psycopg://u@h/d") == ""


def test_a_house_that_others_reach_may_write_to_nobody(tmp_path: Path) -> None:
    known = load_settings({"BASE_URL": "https://maison.example", "MAIL": "OFF"}, tmp_path)
    assert (known.mail_off, known.smtp_url, load_settings({}, tmp_path).mail_off) == (True, "", False)


def test_the_environment_wins_over_the_local_file(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text('PORT = 5001\nDEFAULT_LOCALE = "es"\n')
    known = load_settings({"PORT": "5002"}, tmp_path)
    assert (known.port, known.default_locale) == (5002, "es")


def test_a_local_file_that_breaks_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("PORT =\n")
    with pytest.raises(SettingError, match=r"^instance/config.py: cannot be read \(SyntaxError\)$"):
        load_settings({}, tmp_path)


def test_the_secret_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    first, second = load_settings({}, tmp_path).secret_key, load_settings({}, tmp_path).secret_key
    assert first == second == (tmp_path / "secret_key").read_text()
    assert (len(first), (tmp_path / "secret_key").stat().st_mode & 0o777) == (64, 0o600)


def test_own_origins_on_this_machine_have_both_names(tmp_path: Path) -> None:
    known = load_settings({"PORT": "5123"}, tmp_path)
    assert known.origins == ["http://127.0.0.1:5123", "http://localhost:5123"]
    assert load_settings(OUTSIDE, tmp_path).origins == ["https://maison.example"]


def test_own_origins_on_the_usual_port_are_without_it(tmp_path: Path) -> None:
    assert load_settings({"PORT": "80"}, tmp_path).origins == ["http://127.0.0.1", "http://localhost"]


def test_a_host_of_the_newer_protocol_is_a_house_on_this_machine(tmp_path: Path) -> None:
    assert load_settings({"HOST": "::1"}, tmp_path).base_url == "http://[::1]:5000"


def test_a_choice_may_be_written_in_capitals(tmp_path: Path) -> None:
    found = load_settings({"LOG_LEVEL": "WARNING", "DEFAULT_LOCALE": "FR"}, tmp_path)
    assert (found.log_level, found.default_locale) == ("warning", "fr")


def test_postgres_addresses_lead_to_the_driver(tmp_path: Path) -> None:
    for given in ("postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"):
        assert load_settings({"DATABASE_URL": given}, tmp_path).database_url == "postgresql+psycopg://u@h/d"


def test_nothing_is_imported_before_the_server_patches_threads_and_sockets() -> None:
    look = "import app, sys; print(sorted(name for name in sys.modules if name.startswith(('app.', 'flask', 'ssl'))))"
    told = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told == "[]\n"


@pytest.mark.parametrize(("name", "workers"), [("PORT", {}), ("PORT", SEVERAL), ("ADMIN_PORT", SEVERAL)])
def test_a_port_that_is_taken_is_named_in_one_line(tmp_path: Path, name: str, workers: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        ended = ended_start(tmp_path, "app.server", "--prepare", **{"PORT": str(free_port()), **workers, name: number})
    said = f"pepiniere: {name}: nothing can listen on 127.0.0.1, {number} (EADDRINUSE)\n"
    assert (ended.returncode, ended.stderr) == (2, said)


def test_a_machine_without_room_for_so_many_processes_stops_the_start(tmp_path: Path) -> None:
    def few_files() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (25, 25))

    settings = {**SEVERAL, "WORKERS": "30", "PORT": str(free_port())}
    ended = ended_start(tmp_path, "app.server", "--prepare", before=few_files, **settings)
    assert (ended.returncode, ended.stdout) == (1, "")
