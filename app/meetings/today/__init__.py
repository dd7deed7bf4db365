"""On the day of a meeting: who comes is on their way; a lead says that it stands elsewhere. Gone at its end.

models (``Arrival``: no hour in it) · policy · queries (``day_of``: how many are on their way, for who comes) · keeping
(how a day is forgotten) · notices · actions · parts (the card on the meeting's page) · forms · routes · live ·
leaving · jobs.
What a lead says of where stands on the meeting itself: ``Meeting.moved_to``.
"""
