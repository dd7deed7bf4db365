"""Floor 7: a club chooses a date: who proposes which moments, who can when, and what is kept in a room meanwhile.

models · policy · queries (a poll, for a member) · results (how the dates stand, best first) · wishes (what is proposed,
checked) · holds (slots kept until the vote ends) · actions (open, add, answer, type a sheet, cancel) · choosing (the
winner becomes a meeting) · live · jobs (the clock ends a vote) · notices · leaving · forms · routes · show · parts.
"""
