"""Verbs about advisers: a manager makes a code, somebody becomes one by it, a manager or they themselves end it."""

from dataclasses import replace
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts.budgets import Asker, Try, place_budget
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, NotFound, Taken
from app.core.ids import ID, TO_COPY, new_code, new_id
from app.core.limits import Window
from app.houses.journal import note
from app.houses.partners.actions import kept_house
from app.houses.partners.models import Adviser, AdviserCode, Partner
from app.houses.partners.policy import can_become_adviser
from app.houses.partners.queries import code_key, partner_in
from app.web.forms import checked

LASTS = timedelta(days=7)
SIGNS = 10
MAX_NAME = 40
# Wrong codes alone count.
TRIES = Window("adviser-code", 10, 60)


def make_code(actor: Actor, slug: str, partner_id: str) -> str:
    """A manager makes a code for one adviser, to be given by hand; told this once, good for seven days.

    The one before of the same partner is good for nothing any more.
    """
    code = new_code(TO_COPY, SIGNS)
    with transaction():
        house = kept_house(actor, slug)
        partner = partner_in(house, partner_id)
        db.session.execute(delete(AdviserCode).where(AdviserCode.partner_id == partner.id))
        row = AdviserCode(id=new_id(), partner_id=partner.id, code_hash=code_key(code), until=now() + LASTS)
        db.session.add(row)
        note("adviser:invited", actor, house_id=house.id, subject_id=partner.id)
    return code


def become_adviser(actor: Actor, code: str, name: str, asker: Asker) -> str:
    """Who has a code gives advice for its partner from now on; that uses the code up. Returns the partner's id.

    Raises NotAllowed for the team, Invalid for what is no code or no name, Taken, TooMany.
    """
    if not can_become_adviser(actor):
        raise NotAllowed("staff_account", _l("Un compte de l’équipe ne donne pas de conseil. Prenez un autre compte."))
    told = checked(name, "name", MAX_NAME, empty=_l("Écrivez un nom."))
    of_place, place = place_budget(asker)
    attempt = Try()
    attempt.spend((replace(of_place, name="adviser-place"), place), (TRIES, actor.account_id))
    try:
        partner_id = _become(actor, code, told)
    except IntegrityError as error:
        attempt.was_right()
        raise Taken("already_adviser", _l("Vous donnez déjà des conseils pour ce partenaire."), field="code") from error
    attempt.was_right()
    return partner_id


def _become(actor: Actor, code: str, name: str) -> str:
    with transaction():
        good = delete(AdviserCode).where(AdviserCode.code_hash == code_key(code), AdviserCode.until > now())
        # Of two who use one at once, the one whose delete finds it comes in.
        partner_id = db.session.scalar(good.returning(AdviserCode.partner_id))
        if partner_id is None:
            raise Invalid(
                "code_wrong", _l("Ce code ne marche pas, ou ne marche plus. Demandez-en un autre."), field="code"
            )
        partner = db.session.get_one(Partner, partner_id)
        row = Adviser(id=new_id(), partner_id=partner.id, account_id=actor.account_id, name=name, since=now())
        db.session.add(row)
        note("adviser:added", actor, role="member", house_id=partner.house_id, subject_id=partner.id)
        db.session.flush()
        return partner.id


def remove_adviser(actor: Actor, slug: str, partner_id: str, adviser_id: str) -> None:
    """A manager ends somebody's advice for a partner: from now on they see no booking. The hours stay."""
    with transaction():
        house = kept_house(actor, slug)
        partner = partner_in(house, partner_id)
        query = select(Adviser).where(Adviser.partner_id == partner.id, Adviser.id == adviser_id)
        found = db.session.scalars(query).first() if ID.fullmatch(adviser_id) else None
        if found is None:
            raise NotFound()
        db.session.delete(found)
        note("adviser:removed", actor, house_id=house.id, subject_id=partner.id)
