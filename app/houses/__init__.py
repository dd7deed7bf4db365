"""Floor 3: houses, their opening hours, their staff.

models · queries (public) · actions (staff) · journal (what the team and the leads did) · desk (what waits for the
team) · api · jobs (whose name stands under a mail).
"""
