"""Shutting a room or a house for some days, and what becomes of the claims that stand there.

queries (which claims a closure hits, where they could go) · actions (close, lift, end what was left standing) ·
notices (what leads are told) · forms · routes · jobs.
"""
