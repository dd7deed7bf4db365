"""What stands in a room's calendar elsewhere, brought as a file: first what would come of it, then all at once.

reading and rules (the file; no database) · queries (what it would take, what stands in its way) · models ·
actions (bring, undo) · forms · routes · jobs.
"""
