"""How people prove who they are, beyond the first step: passkeys, one-time numbers, rescue codes, fresh proof.

models (what is kept) · policy (who may keep what) · fresh (the kinds of proof, and acts that ask for a fresh one) ·
passkeys, numbers (verbs of each) · queries · forms · routes (pages) · jobs. What waits for a second step is a session
that opens nothing yet: see ``accounts.entrance``.
"""
