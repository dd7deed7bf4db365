"""Settings: defaults < instance/config.py < environment. Typed; a wrong value stops the start by name."""

import errno
import importlib.util
import ipaddress
import os
import runpy
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("fr", "en", "es", "pt", "it", "ar")
LOG_LEVELS = ("debug", "info", "warning", "error")
EXIT_URL = "https://meteofrance.com/"
MOST_WORKERS = 64


class SettingError(Exception):
    """A setting that cannot be used: its name and why, in one line."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


@contextmanager
def listening(name: str, host: str, port: int) -> Iterator[None]:
    """Raises SettingError when the port of that setting is another program's, or not for us."""
    try:
        yield
    except OSError as error:
        why = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise SettingError(name, f"nothing can listen on {host}, {port} ({why})") from error


@dataclass(frozen=True)
class Settings:
    """What the house runs with. ``base_url`` has no final slash."""

    instance: Path
    secret_key: str
    database_url: str
    host: str
    port: int
    base_url: str
    trusted_proxies: int
    smtp_url: str
    mail_off: bool
    exit_url: str
    house_networks: tuple[str, ...]
    default_locale: str
    log_level: str
    limit_factor: float
    demo: bool
    workers: int
    admin_port: int
    admin_host: str
    canary: bool
    redis_url: str

    @property
    def loopback(self) -> bool:
        return is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def origins(self) -> list[str]:
        """Our own origins: BASE_URL, and on loopback both names of this machine."""
        own = [self.base_url]
        if self.loopback:
            own += [_origin(f"http://{name}:{self.port}") for name in ("127.0.0.1", "localhost")]
        return list(dict.fromkeys(own))


@cache  # asked of the one address of the house at every event
def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load_settings(environ: Mapping[str, str] | None = None, instance: Path | None = None) -> Settings:
    """Read every setting. Raises SettingError at the first that is wrong."""
    folder = instance or Path((environ or os.environ).get("INSTANCE_DIR", ROOT / "instance"))
    folder.mkdir(parents=True, exist_ok=True)
    raw = _Raw({**_local_file(folder), **(environ if environ is not None else os.environ)})
    port, host = raw.whole("PORT", 5000, 1, 65535), raw.text("HOST", "127.0.0.1")
    settings = Settings(
        instance=folder,
        secret_key=raw.text("SECRET_KEY", "") or _kept_secret(folder),
        database_url=_database_url(raw.text("DATABASE_URL", f"sqlite:///{folder / 'pepiniere.sqlite3'}")),
        host=host,
        port=port,
        base_url=_origin(raw.web_address("BASE_URL", f"http://{_in_an_address(host)}:{port}")),
        trusted_proxies=raw.whole("TRUSTED_PROXIES", 0, 0, 10),
        smtp_url=_smtp_url(raw.text("SMTP_URL", "")),
        mail_off=raw.off("MAIL"),
        exit_url=raw.web_address("EXIT_URL", EXIT_URL),
        house_networks=raw.networks("HOUSE_NETWORKS"),
        default_locale=raw.choice("DEFAULT_LOCALE", "fr", LOCALES),
        log_level=raw.choice("LOG_LEVEL", "info", LOG_LEVELS),
        limit_factor=raw.number("LIMIT_FACTOR", 1.0),
        demo=raw.choice("DEMO", "on", ("on", "off")) == "on",
        workers=raw.whole("WORKERS", 1, 1, MOST_WORKERS),
        redis_url=_redis_url(raw.text("REDIS_URL", "")),
        admin_port=raw.whole("ADMIN_PORT", 0, 0, 65535),
        admin_host=raw.text("ADMIN_HOST", "127.0.0.1"),
        canary=raw.choice("CANARY", "on", ("on", "off")) == "on",
    )
    _refuse_unsafe(settings)
    return settings


def _refuse_unsafe(settings: Settings) -> None:
    if len(settings.secret_key) < 16:
        raise SettingError("SECRET_KEY", "must have at least 16 characters")
    if settings.mail_off and settings.smtp_url:
        raise SettingError("MAIL", "cannot be off while SMTP_URL is set")
    if settings.admin_port == settings.port:
        raise SettingError("ADMIN_PORT", "must be another one than PORT: what is counted is not for everybody")
    if settings.workers > 1 and not settings.redis_url:
        raise SettingError("WORKERS", "more than one needs REDIS_URL: they tell each other through Redis what is new")
    if settings.loopback:
        return
    if not settings.secure:
        raise SettingError("BASE_URL", "must be an https address outside this machine")
    if not settings.smtp_url and not settings.mail_off:
        why = "must be set outside this machine: people sign in with a code by mail (or MAIL=off, with cards only)"
        raise SettingError("SMTP_URL", why)


@dataclass(frozen=True)
class _Raw:
    values: Mapping[str, Any]

    def text(self, name: str, default: str) -> str:
        return str(self.values.get(name, "")).strip() or default

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        given = self.text(name, str(default))
        if not given.isascii() or not given.isdigit() or not least <= int(given) <= most:
            raise SettingError(name, f"must be a whole number from {least} to {most}")
        return int(given)

    def number(self, name: str, default: float) -> float:
        try:
            value = float(self.text(name, str(default)))
        except ValueError:
            value = 0.0
        if not 0 < value < 1e9:
            raise SettingError(name, "must be a number above 0")
        return value

    def choice(self, name: str, default: str, among: tuple[str, ...]) -> str:
        value = self.text(name, default).lower()
        if value not in among:
            raise SettingError(name, f"must be one of {', '.join(among)}")
        return value

    def off(self, name: str) -> bool:
        value = self.text(name, "").lower()
        if value not in ("", "off"):
            raise SettingError(name, "must be off, or not be set")
        return value == "off"

    def web_address(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            parts = urlsplit(value)
            good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
        except ValueError:
            good = False
        if not good:
            raise SettingError(name, "must be an address like https://maison.example")
        return value

    def networks(self, name: str) -> tuple[str, ...]:
        given = [part.strip() for part in self.text(name, "").split(",") if part.strip()]
        try:
            return tuple(str(ipaddress.ip_network(part)) for part in given)
        except ValueError as error:
            raise SettingError(name, "must be networks like 192.0.2.0/24, separated by commas") from error


def _origin(address: str) -> str:
    """An address as browsers write it in ``Origin``: what they say is compared with it, letter for letter."""
    parts = urlsplit(address)
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise SettingError("BASE_URL", "must be an address alone, without a path: https://maison.example")
    usual = {"http": 80, "https": 443}[parts.scheme]
    name = _in_an_address(parts.hostname or "")
    return f"{parts.scheme}://{name}" + ("" if parts.port in (None, usual) else f":{parts.port}")


def _in_an_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _local_file(folder: Path) -> dict[str, Any]:
    path = folder / "config.py"
    if not path.exists():
        return {}
    try:
        return {name: value for name, value in runpy.run_path(str(path)).items() if name.isupper()}
    except Exception as error:
        raise SettingError("instance/config.py", f"cannot be read ({type(error).__name__})") from error


def _kept_secret(folder: Path) -> str:
    path = folder / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _database_url(value: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if value.startswith(prefix):
            return "postgresql+psycopg://" + value[len(prefix) :]
    if value.startswith(("sqlite:///", "postgresql+psycopg://")):
        return value
    raise SettingError("DATABASE_URL", "must start with sqlite:/// or postgresql://")


def _smtp_url(value: str) -> str:
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("smtp", "smtps", "smtp+starttls") and parts.hostname and (parts.port or 1)
        good = good and 0 < float(parse_qs(parts.query).get("timeout", ["20"])[0]) <= 120
    except ValueError:
        good = False
    if not good:
        raise SettingError("SMTP_URL", "must look like smtp+starttls://user:password@mail.example:587")
    return value


def _redis_url(value: str) -> str:
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        number = parts.path.removeprefix("/") or "0"
        far = parts.scheme in ("redis", "rediss") and parts.hostname and (parts.port or 1) and number.isdigit()
        good = far or (parts.scheme == "unix" and parts.path)
    except ValueError:
        good = False
    if not good:
        raise SettingError(
            "REDIS_URL", "must look like redis://:password@redis.example:6379/0 or unix:///run/redis.sock"
        )
    if importlib.util.find_spec("redis") is None:
        raise SettingError("REDIS_URL", "needs a package more: .venv/bin/pip install -r requirements-scale.txt")
    return value
