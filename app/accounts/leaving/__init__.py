"""Taking away and leaving for good.

``archive`` packs what a person wrote, gave and chose: a page to read offline, and JSON beside it. What is in it is said
by each feature with ``app.core.privacy.take_away``. ``actions`` erases an account: sign-in ends at once, each club sees
it at a moment of its own, and what the floors above must do for that is in ``hooks``.
"""
