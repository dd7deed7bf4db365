"""Floor 2: people, how they come in, their sessions and keys, what is sent to them.

models (account, session, token, code) · addresses (read, sealed, masked) · passwords · budgets (who may try, how
often) · actions (verbs of sessions, keys, passwords, staff) · codes (verbs of the six digits) · queries · entrance (who
is there, for pages, JSON and sockets) · forms · routes (pages) · api (JSON) · sockets (the doorman).
Mails: notices (what is written) · mail_choices (who wants what, when) · letters (RFC 5322) · postman (how it leaves) ·
jobs.
"""
