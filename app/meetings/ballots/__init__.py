"""Deciding together: a question to a club, answered until its end, counted by a printed rule.

models · policy · rule (how it comes out: pure) · box (what was voted without names) · queries · live · actions (open,
amend, withdraw, close, review) · again (look at it anew) · voting (answer) · closing (count, draw) · results (how it
came out, in words) · forms · words · routes · parts (what the pages of a club say) · jobs · leaving.
"""
