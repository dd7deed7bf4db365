"""How many were at a meeting: a number that a lead notes; names only where the club chose so.

models · policy · queries (``attendance_of``: for who was in the club then) · actions (note, take one's own name off,
choose) · parts (on the page of the meeting and of the club; a note there when names begin) · forms · routes · live ·
leaving · jobs.
"""
