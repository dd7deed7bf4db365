"""What can go wrong, in the words of the contract.

Each carries an HTTP ``status``, a stable ``code`` and a plain sentence for the person (lazy gettext).
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l


class DomainError(Exception):
    """Base of every refusal that a person can cause. ``extra`` goes into the problem object."""

    status = 400
    code = "bad_request"
    detail: Any = _l("Cette demande n’a pas été comprise.")

    def __init__(
        self,
        code: str | None = None,
        detail: Any = None,
        *,
        field: str | None = None,
        status: int | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self.detail = detail if detail is not None else self.detail
        self.status = status or self.status
        self.field = field
        self.extra: Mapping[str, Any] = extra


class NotSignedIn(DomainError):
    status, code = 401, "not_signed_in"
    detail = _l("Entrez d’abord.")


class NotAllowed(DomainError):
    status, code = 403, "not_allowed"
    detail = _l("Vous ne pouvez pas faire cela ici.")


class NotFound(DomainError):
    """What does not exist and what is not yours: the same words, so that they cannot be told apart."""

    status, code = 404, "not_found"
    detail = _l("Cette page n’existe pas, ou elle n’est pas pour vous.")


class Taken(DomainError):
    status, code = 409, "taken"
    detail = _l("Quelqu’un l’a pris juste avant vous.")


class QuotaReached(DomainError):
    status, code = 409, "quota_reached"
    detail = _l(
        "Votre club a déjà toutes ses réservations à venir. "
        "Rendez une salle, ou prenez un moment des 3 jours qui viennent."
    )


class Gone(DomainError):
    status, code = 410, "gone"
    detail = _l("C’est passé.")


class Invalid(DomainError):
    status, code = 422, "invalid"
    detail = _l("Il reste une chose à corriger.")


class TooMany(DomainError):
    """``retry_after``: whole seconds to wait."""

    status, code = 429, "too_many"
    detail = _l("Trop d’essais. Attendez un peu, puis réessayez.")

    def __init__(self, retry_after: int, detail: Any = None) -> None:
        self.retry_after = max(1, retry_after)
        # A socket has no header to say it in.
        super().__init__(detail=detail, retry_after=self.retry_after)


class Unavailable(DomainError):
    """The database is locked or away: nothing was written."""

    status, code = 503, "unavailable"
    detail = _l("La page n’est pas prête. Rien n’est perdu. Réessayez dans une minute.")


class Full(Unavailable):
    """The disk of the house is full: nothing was written, everything that was is whole."""

    detail = _l(
        "La maison n’a plus de place pour garder ce qui s’écrit. Ce qui était écrit est intact. "
        "Prévenez la maison, puis réessayez."
    )
