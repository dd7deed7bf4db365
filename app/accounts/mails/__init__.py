"""The pages about mails: which ones a person wants, and the one that a mail leads to, to stop its kind.

forms · routes. The verbs stand in ``accounts/mail_choices.py``, beside what the mails themselves ask.
"""
