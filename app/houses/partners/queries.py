"""Reads of partners: those that are shown are public, the others are for the managers of their house."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.core.privacy import Rows
from app.core.sealed import keyed_hash
from app.houses.models import House
from app.houses.partners.models import Adviser, Partner
from app.houses.queries import OF_PEOPLE


def shown_partners() -> list[tuple[Partner, House]]:
    """Everybody's list: by house, then by name."""
    query = select(Partner, House).join(House, House.id == Partner.house_id)
    query = query.where(Partner.hidden_at.is_(None), OF_PEOPLE)
    rows = db.session.execute(query.order_by(House.position, House.slug, Partner.name, Partner.id))
    return [(row[0], row[1]) for row in rows]


def shown_partner(partner_id: str) -> tuple[Partner, House]:
    """One that everybody may read. Raises NotFound."""
    return _one(partner_id, Partner.hidden_at.is_(None))


def partners_of(house: House) -> list[Partner]:
    """All of a house, those that are shown first; for its team."""
    query = select(Partner).where(Partner.house_id == house.id)
    return list(db.session.scalars(query.order_by(Partner.hidden_at.is_not(None), Partner.name, Partner.id)))


def partner_in(house: House, partner_id: str) -> Partner:
    """One of a house, shown or not; the house was loaded for its team. Raises NotFound."""
    return _one(partner_id, Partner.house_id == house.id)[0]


def _one(partner_id: str, where: ColumnElement[bool]) -> tuple[Partner, House]:
    if not ID.fullmatch(partner_id):
        raise NotFound()
    query = select(Partner, House).join(House, House.id == Partner.house_id)
    row = db.session.execute(query.where(Partner.id == partner_id, where)).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def advisers_of(partners: Sequence[Partner]) -> dict[str, list[Adviser]]:
    """Who gives advice for each, by the id of the partner; for the managers."""
    query = select(Adviser).where(Adviser.partner_id.in_([one.id for one in partners]))
    found: dict[str, list[Adviser]] = {one.id: [] for one in partners}
    for adviser in db.session.scalars(query.order_by(Adviser.name, Adviser.id)):
        found[adviser.partner_id].append(adviser)
    return found


def partners_advised_by(actor: Actor) -> list[tuple[Partner, House]]:
    """For which partners somebody gives advice; hidden ones too, so that they can end what they had begun."""
    query = select(Partner, House).join(House, House.id == Partner.house_id)
    query = query.join(Adviser, Adviser.partner_id == Partner.id).where(Adviser.account_id == actor.account_id)
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Partner.name, Partner.id))]


def code_key(code: str) -> str:
    """By which a code is found: as it is typed, with or without spaces, in any case."""
    return keyed_hash("adviser-code", "".join(code.split()).upper())


def adviser_rows(account_id: str) -> Rows:
    """What a person takes away: for which partners they give advice, under which name."""
    query = select(Partner.name, Adviser).join(Partner, Partner.id == Adviser.partner_id)
    rows = db.session.execute(query.where(Adviser.account_id == account_id).order_by(Adviser.since, Adviser.id))
    return [{"what": "adviser", "about": partner, "name": one.name, "since": one.since} for partner, one in rows]
