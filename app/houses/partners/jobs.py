"""The clock's door of partners: a code that nobody used ends."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.core.privacy import take_away
from app.core.retention import Lasting, by_key, stays
from app.houses.partners.models import AdviserCode
from app.houses.partners.queries import adviser_rows

OVER = Lasting(days=1)

by_key(
    "partners:codes", ("adviser_code",), OVER, AdviserCode.id,
    lambda moment: select(AdviserCode.id).where(AdviserCode.until < OVER.before(moment)),
)  # fmt: skip
stays("partner", "it is the house's own words, until its managers change them")
stays("adviser", "it lasts until a manager ends it, or the account goes")
take_away("adviser", _l("Mes conseils"), adviser_rows, ("adviser", "account_id"))
