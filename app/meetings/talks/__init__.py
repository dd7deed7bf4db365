"""A meeting's own discussion: one of the club's, opened in one tap, linked both ways.

models · queries · actions · routes · parts (on the meeting's page, and on the discussion's).
"""
