"""The leads of a club ask the team for a hand; both write to each other in a small thread that nobody else reads.

policy · queries · actions (ask, write, take, close) · forms · routes · desk (what waits for the team).
"""
