"""Crowds for load tests: clubs, members and messages by the thousand, beside a live server if need be.

No password is hashed. Messages come in batches, each made before its transaction, so that a server beside it keeps
its turn at the write lane; a club's line is said once all of it is there.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from app.accounts.models import Account, Token
from app.accounts.queries import token_key
from app.clubs.consent import CONSENT_VERSION
from app.clubs.models import HUES, TILES, Change, Club, Membership
from app.clubs.names import name_key
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id, new_secret
from app.houses.models import House
from app.messaging.actions import first_digest
from app.messaging.models import Message, Thread

WORDS = (
    "bonjour", "merci", "demain", "salle", "rencontre", "offre", "lettre", "café", "métier", "essai", "adresse",
    "dossier", "réponse", "projet", "idée",
)  # fmt: skip
Rows = list[dict[str, Any]]
BATCH = 2000


def load_crowd(clubs: int, members: int, messages: int) -> Iterator[str]:
    """Yield one JSON line per membership, ``{account, token, club, thread, membership, role}``; a club's lead first."""
    house_id = _house()
    for number in range(clubs):
        yield from _load_club(house_id, number, members, messages)


def _house() -> str:
    """Any house will do; an empty database gets one."""
    with transaction():
        found = db.session.scalar(select(House.id).order_by(House.position).limit(1))
        if found is not None:
            return found
        house = House(
            id=new_id(), slug="essai", name="Maison d’essai", kind="house", position=0, timezone="Europe/Paris",
            country="FR", languages=["fr"], hours=[], open_evenings=[], claim_quota=4, evening_quota=2,
        )  # fmt: skip
        db.session.add(house)
        return house.id


def _load_club(house_id: str, number: int, members: int, messages: int) -> list[str]:
    moment = now() - timedelta(minutes=messages + 1)
    club_id, thread_id, mark = new_id(), new_id(), new_id()[:8]
    slug = f"essai-{mark}"
    people = [_person(club_id, rank) for rank in range(members)]
    told = [("membership:began", person["membership"]["id"]) for person in people] + [("thread:opened", thread_id)]
    with transaction():
        _insert(Club, [_club(club_id, house_id, slug, mark, number, len(told))])
        _insert(Account, [person["account"] for person in people])
        _insert(Token, [person["token"] for person in people])
        _insert(Membership, [person["membership"] for person in people])
        _insert(Thread, [{
            "id": thread_id, "club_id": club_id, "title": "Discussion d’essai", "seq": len(told),
            "opened_by_id": people[0]["membership"]["id"], "opened_at": moment,
        }])  # fmt: skip
        _insert(Change, _log(club_id, told, 0))
    for start in range(0, messages, BATCH):
        _post(
            club_id, [_message(club_id, thread_id, people, rank) for rank in range(start, min(start + BATCH, messages))]
        )
    return [
        json.dumps({
            "account": person["account"]["id"], "token": person["secret"], "club": slug, "thread": thread_id,
            "membership": person["membership"]["id"], "role": person["membership"]["role"],
        })
        for person in people
    ]  # fmt: skip


def _post(club_id: str, posted: Rows) -> None:
    with transaction():
        # The numbers are taken now: somebody may have joined meanwhile.
        head = db.session.execute(
            update(Club).where(Club.id == club_id).values(seq=Club.seq + len(posted)).returning(Club.seq),
            execution_options={"synchronize_session": False},
        ).scalar_one()
        before = int(head) - len(posted)
        for seq, message in enumerate(posted, before + 1):
            message["seq"] = message["changed_seq"] = seq
        _insert(Message, posted)
        _insert(Change, _log(club_id, [("message:posted", message["id"]) for message in posted], before))


def _insert(table: Any, rows: Rows) -> None:
    if rows:
        db.session.execute(insert(table), rows)


def _club(club_id: str, house_id: str, slug: str, mark: str, number: int, seq: int) -> dict[str, Any]:
    return {
        "id": club_id, "slug": slug, "house_id": house_id, "name": f"Club d’essai {mark}", "plant": f"Essai {mark}",
        "sentence": "", "about": [], "charter": [], "door": "open", "tile": TILES[number % len(TILES)],
        "hue": HUES[number // len(TILES) % len(HUES)], "languages": ["fr"], "format": "here", "history": "all",
        "seq": seq, "created_at": now(),
    }  # fmt: skip


def _person(club_id: str, rank: int) -> dict[str, Any]:
    account_id, secret, name = new_id(), new_secret(), f"Essai {rank}"
    return {
        "secret": secret,
        "account": {"id": account_id, "role": "member", "demo": False, "created_at": now()},
        "token": {
            "id": new_id(), "account_id": account_id, "secret_hash": token_key(secret), "label": "essai",
            "created_at": now(),
        },
        "membership": {
            "id": new_id(), "club_id": club_id, "account_id": account_id, "name": name, "name_key": name_key(name),
            "role": "lead" if rank == 0 else "member", "consent_version": CONSENT_VERSION, "asked_at": now(),
            "began_at": now(), "first_seq": 1,
        },
    }  # fmt: skip


def _message(club_id: str, thread_id: str, people: Rows, rank: int) -> dict[str, Any]:
    client_id = str(uuid.uuid4())
    body = " ".join(WORDS[(rank * 7 + step) % len(WORDS)] for step in range(3 + rank % 12))
    return {
        "id": new_id(), "thread_id": thread_id, "club_id": club_id, "body": body, "client_id": client_id,
        "membership_id": people[rank % len(people)]["membership"]["id"],
        "first_digest": first_digest(client_id, body), "posted_at": now(),
    }  # fmt: skip


def _log(club_id: str, told: list[tuple[str, str]], before: int) -> Rows:
    return [
        {"club_id": club_id, "seq": seq, "kind": kind, "subject_id": subject_id, "at": now()}
        for seq, (kind, subject_id) in enumerate(told, before + 1)
    ]
