"""Floor 6: a session, six to ten meetings that a club's leads ask for and the team grants in one tap.

models · queries (the dates of a wish and why one is refused; requests, for someone) · actions (the leads': ask,
withdraw) · answers (the team's: grant, refuse; the clock's: lapse) · notices · leaving · forms · routes · jobs.
"""
