"""Floor 6: rooms, their opening windows and closures; slots; claims.

calendar (the slots of a weekly pattern, in wall time) · slot_ids · queries (slots with their state, for someone) ·
week (seven days as the page draws them) · alternatives · quota · door_words · policy · actions (claim, release,
close) · live (rows of the club's log) · show (JSON) · forms · routes · api.
"""
