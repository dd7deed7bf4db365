"""Fill an empty database with the demo house, from the readable files beside this one."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.accounts.addresses import Address
from app.accounts.models import Account
from app.accounts.passwords import hash_password
from app.clubs.models import Club
from app.config import Settings
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.demo.advice import load_advice
from app.demo.hand import load_hand
from app.demo.places import at, load_rooms, today_in
from app.demo.practice import load_practice
from app.demo.story import ClubStory
from app.demo.together import load_together
from app.houses.models import House, StaffPost
from app.houses.setup.actions import print_code
from app.rooms.draw.actions import open_draws
from app.rooms.draw.models import DrawBid
from app.rooms.draw.queries import coming_draw, label_of, scarce_slots

FOLDER = Path(__file__).parent
CLUB_KEYS = (
    "slug", "plant", "name", "sentence", "about", "charter", "door", "tile", "hue", "languages", "format", "history",
)  # fmt: skip
PASSWORD = "pepiniere-demo"  # noqa: S105 public by design: it opens nothing unless BASE_URL is loopback


def load_demo_if_empty() -> bool:
    """Fill the database if it holds no house; says whether it did."""
    empty = db.session.scalar(select(House.id).limit(1)) is None
    db.session.rollback()
    if empty:
        load_demo()
    return empty


def load_demo() -> str:
    """Fill the database with the demo house; returns a line that says what was made."""
    hashes = {person["key"]: hash_password(PASSWORD) for person in _people()}
    with transaction():
        if db.session.scalar(select(House.id).limit(1)) is not None:
            return "The database already holds a house: nothing was added."
        houses = _load_houses()
        accounts = _load_people(hashes, houses)
        for path in sorted((FOLDER / "clubs").glob("*.toml")):
            told = tomllib.loads(path.read_text(encoding="utf-8"))
            _load_club(told, houses[told["house"]], accounts)
        load_hand(houses, lambda key: _account_of(key, accounts))
        load_advice(houses, lambda key: _account_of(key, accounts))
        _open_draws()
        load_together(lambda key: _account_of(key, accounts))
        load_practice(houses, lambda key: _account_of(key, accounts))
        clubs = len(db.session.scalars(select(Club.id)).all())
    return f"The demo house is ready: {len(houses)} houses, {clubs} clubs, {len(hashes)} accounts with a password."


def _open_draws() -> None:
    """A draw to come, in which two clubs wish for its evening already."""
    open_draws()
    for slug in ("tilleul", "glycine"):
        club = db.session.scalars(select(Club).where(Club.slug == slug)).one()
        house = db.session.get_one(House, club.house_id)
        draw = coming_draw(house)
        wishes = [slot.id for slot in scarce_slots(house, draw.week)] if draw else []
        if draw and wishes:
            label = label_of(draw, club.id)
            db.session.add(DrawBid(draw_id=draw.id, club_id=club.id, label=label, wishes=wishes[:1], changed_at=now()))


def announcement(settings: Settings) -> str:
    """What ``make run`` prints: the address, the demo accounts or the code of an empty house, where mails go."""
    lines = [f"Pépinière: {settings.base_url}"]
    demo = db.session.scalar(select(Account.id).where(Account.demo, Account.password_hash.is_not(None)).limit(1))
    db.session.rollback()
    if settings.loopback and demo is not None:
        names = ", ".join(person["email"] for person in _people())
        lines.append(f"Demo accounts: {names} (password: {PASSWORD})")
    code = print_code()
    if code is not None:
        lines.append(f"No house yet. Open {settings.base_url}/setup with this code, once: {code}")
    if settings.mail_off:
        lines.append("Mails: none (MAIL=off); people come in with cards")
        return "\n".join(lines)
    mails = settings.smtp_url.rpartition("@")[2] or f"{settings.instance / 'outbox'}, one .eml each"
    lines.append(f"Mails go to: {mails}")
    return "\n".join(lines)


def _people() -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = tomllib.loads((FOLDER / "people.toml").read_text(encoding="utf-8"))["person"]
    return people


def _load_houses() -> dict[str, House]:
    houses = {}
    for position, told in enumerate(tomllib.loads((FOLDER / "houses.toml").read_text(encoding="utf-8"))["house"]):
        kept = {k: v for k, v in told.items() if k not in ("room", "closure")}
        house = House(id=new_id(), position=position, claim_quota=4, evening_quota=2, **kept)
        db.session.add(house)
        db.session.flush()
        load_rooms(house, told.get("room", []), told.get("closure", []))
        houses[house.slug] = house
    return houses


def _load_people(hashes: dict[str, str], houses: dict[str, House]) -> dict[str, str]:
    """The accounts with a password, by key; returns their ids."""
    accounts = {}
    for person in _people():
        address = Address(person["email"])
        account = Account(
            id=new_id(),
            email_hash=address.key,
            email_sealed=address.sealed,
            password_hash=hashes[person["key"]],
            role=person["staff"] or "member",
            demo=True,
            created_at=now(),
        )
        db.session.add(account)
        accounts[person["key"]] = account.id
        if person["staff"]:
            db.session.flush()
            house_id = houses[person["house"]].id
            db.session.add(StaffPost(account_id=account.id, house_id=house_id, name=person["name"]))
    db.session.flush()
    return accounts


def _load_club(told: dict[str, Any], house: House, accounts: dict[str, str]) -> None:
    zone = ZoneInfo(house.timezone)
    founded = today_in(zone) + timedelta(days=told["founded_days"])
    club = Club(
        id=new_id(),
        house_id=house.id,
        seq=0,
        created_at=at(zone, founded, "09:00"),
        **{key: told[key] for key in CLUB_KEYS},
    )
    db.session.add(club)
    db.session.flush()
    ClubStory(club, house, lambda key: _account_of(key, accounts)).tell(told)


def _account_of(key: str, accounts: dict[str, str]) -> str:
    if key not in accounts:
        account = Account(id=new_id(), role="member", demo=True, created_at=now())
        db.session.add(account)
        db.session.flush()
        accounts[key] = account.id
    return accounts[key]
