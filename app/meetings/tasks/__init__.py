"""Small things to do in a club: a sentence, who does it, a date; done in one tap, and undone.

models · policy · queries · actions · forms · routes · live · parts (on the club's page) · jobs (how long) · leaving.
"""
