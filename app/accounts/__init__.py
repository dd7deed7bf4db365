"""Floor 2: people, how they come in, their sessions and keys, what is sent to them.

models (account, session, token, code) · actions (verbs) · queries · routes (pages) · api (JSON) · notices (mails).
"""
