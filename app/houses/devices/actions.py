"""Verbs of devices: show the letters, pair, unpair; call somebody from one, come, or need nobody any more."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.actions import end_present, end_sessions_on
from app.accounts.budgets import Asker, place_budget
from app.core.actor import Actor
from app.core.clock import now, to_the_minute
from app.core.db import db, transaction
from app.core.errors import Invalid, NotFound
from app.core.ids import new_code, new_id, new_secret
from app.core.limits import Window, spend
from app.core.sealed import keyed_hash
from app.houses.devices.models import Device, DeviceCall, PairingCode
from app.houses.devices.queries import call_from, device_key
from app.houses.devices.walls import hang, places_in
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import house_of_staff

# Neither vowels, which make words, nor letters that look or sound like another or like a digit.
LETTERS = "BCDFGHJKMNPRTVWXY"
LENGTH = 6
SHOWN_FOR = timedelta(minutes=10)
RINGS_FOR = timedelta(minutes=15)
GUESSES = Window("pairing", 20, 10)


def show_code(actor: Actor, slug: str, place: str = "") -> str:
    """Six new letters for a screen of the house; those that the same person showed before open nothing any more.

    place: where it will hang; empty for a kiosk in the hall. Raises Invalid for a place that the house has not.
    """
    code = new_code(LETTERS, LENGTH)
    with transaction():
        house = house_of_staff(actor, slug)
        if place and place not in dict(places_in(house)):
            raise Invalid("place_unknown", _l("Choisissez un endroit de la liste."), field="place")
        mine = (PairingCode.account_id == actor.account_id, PairingCode.house_id == house.id)
        db.session.execute(delete(PairingCode).where(*mine))
        db.session.add(
            PairingCode(
                id=new_id(),
                house_id=house.id,
                account_id=actor.account_id,
                code_hash=_code_key(code),
                place=place,
                expires_at=now() + SHOWN_FOR,
            )
        )
        note("device:offered", actor, house_id=house.id)
    return code


def _code_key(code: str) -> str:
    return keyed_hash("pairing", code)


def clean_code(typed: str) -> str:
    """The letters as the desk shows them, however they were typed."""
    return "".join(each for each in typed[:40].upper() if each.isalnum())


def pair(typed: str, asker: Asker, present: Actor | None) -> str:
    """Make this browser a screen of the house whose letters these are, where they say: the secret of its cookie.

    Whoever is signed in here is signed out. Raises Invalid, TooMany.
    """
    spend(GUESSES, place_budget(asker)[1])
    secret, moment = new_secret(), now()
    with transaction():
        found = db.session.scalars(
            select(PairingCode).where(
                PairingCode.code_hash == _code_key(clean_code(typed)), PairingCode.expires_at > moment
            )
        ).first()
        if found is None or not _use_up(found):
            raise Invalid(
                "code_wrong", _l("Ces lettres n’ouvrent rien. Regardez-les à l’accueil, ou demandez-en d’autres."),
                field="code",
            )  # fmt: skip
        end_present(present)
        device = Device(
            id=new_id(),
            house_id=found.house_id,
            secret_hash=device_key(secret),
            kind="kiosk",
            paired_at=moment,
            seen_at=to_the_minute(moment),
        )
        db.session.add(device)
        db.session.flush()
        hang(device.id, db.session.get_one(House, found.house_id), found.place)
        note("device:paired", None, house_id=found.house_id, subject_id=device.id)
    return secret


def _use_up(code: PairingCode) -> bool:
    """Of two screens that type the same letters, one is paired."""
    gone = db.session.execute(delete(PairingCode).where(PairingCode.id == code.id))
    return isinstance(gone, CursorResult) and gone.rowcount == 1


def unpair(actor: Actor, slug: str, device_id: str) -> None:
    """A screen is no screen of the house any more; who is signed in on it is signed out. Raises NotFound."""
    with transaction():
        house = house_of_staff(actor, slug)
        device = db.session.get(Device, device_id)
        if device is None or device.house_id != house.id:
            raise NotFound()
        end_sessions_on(device.id)
        db.session.delete(device)
        note("device:unpaired", actor, house_id=house.id, subject_id=device_id)


def note_life(device_id: str, moment: datetime) -> None:
    """A screen gave a sign of life."""
    with transaction():
        db.session.execute(update(Device).where(Device.id == device_id).values(seen_at=to_the_minute(moment)))


def call_somebody(device_id: str) -> None:
    """Ask the team to come to a screen; who has called already is not heard twice."""
    if call_from(device_id) is not None:
        return
    moment = now()
    try:
        with transaction():
            db.session.execute(
                delete(DeviceCall).where(DeviceCall.device_id == device_id, DeviceCall.ends_at <= moment)
            )
            db.session.add(DeviceCall(device_id=device_id, id=new_id(), called_at=moment, ends_at=moment + RINGS_FOR))
    except IntegrityError:
        db.session.rollback()  # a second tap came first: it rings


def cancel_call(device_id: str) -> None:
    """Nobody is needed any more."""
    with transaction():
        db.session.execute(delete(DeviceCall).where(DeviceCall.device_id == device_id))


def answer_call(actor: Actor, slug: str, call_id: str) -> None:
    """One of the team says that they come. Raises NotFound for a call of elsewhere, or that is over."""
    with transaction():
        house = house_of_staff(actor, slug)
        here = select(Device.id).where(Device.house_id == house.id)
        call = db.session.scalars(
            select(DeviceCall).where(
                DeviceCall.id == call_id, DeviceCall.device_id.in_(here), DeviceCall.ends_at > now()
            )
        ).first()
        if call is None:
            raise NotFound()
        if call.coming_at is None:
            call.coming_at = now()
            note("call:answered", actor, house_id=house.id)


def forget_what_is_over() -> None:
    """Letters that nobody typed, calls that rang long enough."""
    moment = now()
    with transaction():
        db.session.execute(delete(PairingCode).where(PairingCode.expires_at <= moment))
        db.session.execute(delete(DeviceCall).where(DeviceCall.ends_at <= moment))
