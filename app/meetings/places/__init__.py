"""Where a meeting outside the rooms is: an address, a link. Shown to those who come, a day before and after, then gone.

models (both sealed; the house's link pattern) · queries (``place_for``: what a reader may know now) · actions (set
the pattern, put a room's meeting online too) · keeping (how a place is written and forgotten) · parts (the block on a
meeting's page) · policy · forms (plan, change) · routes · jobs.
"""
