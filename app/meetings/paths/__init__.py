"""A session as a path: from the start circle to the closing review, with goals, places, and what comes after.

models (what a club says of its session, goals, who takes part) · queries (the path, for members) · policy · actions
(goals, places, taking part) · closing (the review; the next session, or a rest) · live · leaving · parts · forms ·
routes · jobs.
"""
