"""Founding a club: a proposal in four steps, two other people who say yes by a code, the team's answer.

models · plants (names drawn and held, retired addresses) · kits (starter charters) · near (clubs that look alike) ·
codes · policy · queries · actions (the founder's) · backing (the two others') · answers (the team's) · forms · routes ·
jobs (drafts that nobody touches end).
"""
