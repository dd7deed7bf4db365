"""Floor 3: houses, their opening hours, their staff.

models · queries (public) · actions (staff) · api · jobs (whose name stands under a mail).
"""
