"""The journal as it is read: a club's part by its members, one's own by each person, a house's by its team.

words (each act in plain words) · queries · policy · routes.
"""
