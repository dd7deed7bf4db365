"""Floor 8: a light hand. What a club decides about harm, what it asks of the team, what the team may then see.

models · decisions (write one, tell who it concerns, undo it) · desk (what waits for the team).
"""
