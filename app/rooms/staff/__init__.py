"""What the team does with the rooms of its house: rooms, opening windows, closures.

actions (rooms and windows) · queries · forms · pages (what its pages share) · routes.
"""
