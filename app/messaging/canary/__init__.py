"""The canary: each minute one service account writes, through the real door, and another must hear it.

They have a house and a club of their own, which no page, list, feed, count or figure shows: the house stands under a
slug that no house of people can have, nobody works there, and the club is discreet with two members who are nobody.
What they write lives an hour. Its age is on ``/readyz`` and among the metrics: alive, answering and silent is seen.
"""
