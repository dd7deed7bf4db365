"""Invitations to a club: a link or a word, made by a lead; or a word that the desk hands over for one.

words (how a word is made and read) · models · policy · queries · actions (make, withdraw, take) · desk_actions (the
desk asks, a lead answers, the desk hands over) · desk (what waits for the team) · forms ·
routes · jobs.
"""
