"""The clock's door: what nobody came to sign."""

from app.accounts.proofs.passkeys import forget_old_challenges
from app.core import jobs


@jobs.every("proofs:purge", minutes=60)
def purge() -> None:
    """Questions that are over."""
    forget_old_challenges()
