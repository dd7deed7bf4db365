"""Floor 6: who is there, said at a door, a kiosk, the desk or on one's own phone; what nobody uses is given back.

policy · queries (which claim is meant, what counts of a claim) · actions (check in, give back, the desk undoes it) ·
desk (what the team sees of it) · hall (the door of a kiosk) · notices · jobs (each minute) · forms · routes.
"""
