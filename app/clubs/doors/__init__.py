"""Changing the door of a club. One that turns discreet gets a new name and address; the old one is never given again.

policy · actions · live (the row in the club's log) · forms · routes. ``actions.hidden``: what the floors above do then.
"""
