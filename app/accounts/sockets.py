"""The socket door of accounts: who may connect, and who a connection speaks for (see ``entrance``)."""

from app.accounts import entrance

__all__ = ["entrance"]
