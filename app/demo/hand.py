"""What waits on the desk of the demo: a lead who asks for a hand, a club that is proposed."""

import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.clubs.consent import CONSENT_VERSION
from app.clubs.founding.models import Backer, PlantHold, Proposal
from app.clubs.founding.plants import slug_of
from app.clubs.models import Club, Membership
from app.clubs.names import name_key
from app.core.db import db
from app.core.ids import new_id
from app.demo.places import at, today_in
from app.facilitation.models import HelpNote, HelpRequest
from app.houses.models import House

FILE = Path(__file__).parent / "hand.toml"
PROPOSED = ("name", "sentence", "languages", "format", "door", "history", "charter", "tile", "hue", "note")


def load_hand(houses: dict[str, House], account_of: Callable[[str], str]) -> None:
    """Tell the file into the database. account_of: gives the account of a key of the files."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for asked in told["help"]:
        _ask_for_help(asked, houses, account_of(asked["person"]))
    for proposed in told["proposal"]:
        _propose(proposed, houses[proposed["house"]], account_of)


def _moment(told: dict[str, Any], house: House) -> datetime:
    zone = ZoneInfo(house.timezone)
    return at(zone, today_in(zone) + timedelta(days=told["day"]), told["at"])


def _ask_for_help(told: dict[str, Any], houses: dict[str, House], account_id: str) -> None:
    club, lead = db.session.execute(
        select(Club, Membership)
        .join(Membership, Membership.club_id == Club.id)
        .where(Club.slug == told["club"], Membership.account_id == account_id)
    ).one()
    when = _moment(told, next(house for house in houses.values() if house.id == club.house_id))
    request = HelpRequest(id=new_id(), club_id=club.id, title=told["title"], opened_by_id=lead.id, opened_at=when)
    db.session.add(request)
    db.session.flush()
    db.session.add(
        HelpNote(
            id=new_id(), request_id=request.id, by_role="lead", by_membership_id=lead.id, body=told["body"], at=when
        )
    )


def _propose(told: dict[str, Any], house: House, account_of: Callable[[str], str]) -> None:
    when = _moment(told, house)
    proposal = Proposal(
        id=new_id(),
        account_id=account_of(told["person"]),
        house_id=house.id,
        plant=slug_of(told["plant"]),
        begun_at=when,
        touched_at=when,
        sent_at=when,
        **{key: told[key] for key in PROPOSED},
    )
    db.session.add(proposal)
    db.session.flush()
    db.session.add(PlantHold(slug=proposal.plant, plant=told["plant"], proposal_id=proposal.id, held_at=when))
    for position, backer in enumerate(told["backers"]):
        db.session.add(
            Backer(
                id=new_id(), proposal_id=proposal.id, account_id=account_of(backer["person"]), position=position,
                name=backer["name"], name_key=name_key(backer["name"]), consent_version=CONSENT_VERSION,
                seen=proposal.seen, said_at=when,
            )
        )  # fmt: skip
