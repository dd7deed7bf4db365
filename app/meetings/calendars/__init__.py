"""Calendars and feeds: a person's own by a secret address, a meeting's, and what a house has in the open.

models (the secret's hash) · queries (what stands in each) · ics and atom (how it is written; no database) · policy ·
actions (make the address, end it) · leaving · parts · routes · jobs.
"""
