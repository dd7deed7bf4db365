"""Who acts. The first argument of every action and every read that depends on rights."""

from dataclasses import dataclass
from datetime import datetime

from flask_login import UserMixin


@dataclass(frozen=True)
class Actor(UserMixin):
    """An account at work through one credential.

    credential: ``session:<id>`` or ``token:<id>``, the row that lets it in and that can be revoked.
    role: ``member``, ``facilitator`` or ``manager``.
    shared: the device serves several people. until: when the session ends by itself; None for a token.
    """

    account_id: str
    credential: str
    role: str = "member"
    shared: bool = False
    secret: str = ""
    until: datetime | None = None

    @property
    def is_staff(self) -> bool:
        return self.role != "member"

    def get_id(self) -> str:
        """What Flask-Login keeps in the signed cookie: the session's secret, never the account."""
        return self.secret
