"""Hours of advice of a partner, and who comes: booked without a reason, under a name for that hour.

models · policy · queries (``advice_for_agenda``, ``free_hours`` for the floors above) · planning (publish hours, cancel
one) · actions (book one, cancel; a slip for who has no account) · mails · forms · routes · parts · jobs. Nothing joins
a booking with a club, and no mail says the partner or the subject.
"""
