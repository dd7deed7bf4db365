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
    quiet_minutes, quiet_until: when it ends if nobody moves. device_id: the paired device it began on. assisted_by: who
    of the team opened it for the person. proved_at: when they last proved who they are.
    """

    account_id: str
    credential: str
    role: str = "member"
    shared: bool = False
    secret: str = ""
    until: datetime | None = None
    quiet_minutes: int | None = None
    quiet_until: datetime | None = None
    device_id: str | None = None
    assisted_by: str | None = None
    proved_at: datetime | None = None

    @property
    def is_staff(self) -> bool:
        return self.role != "member"

    @property
    def on_own_device(self) -> bool:
        """Nothing is kept on a device that serves several people, nor where somebody of the team sits beside."""
        return not self.shared and self.device_id is None and self.assisted_by is None

    def get_id(self) -> str:
        """What Flask-Login keeps in the signed cookie: the session's secret, never the account."""
        return self.secret
