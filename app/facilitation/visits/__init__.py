"""One of the team in a club for a time: invited by a lead, with an end set beforehand, shown all the time.

policy · queries · actions (invite, begin, end) · forms · routes · desk (what waits for who is invited) · jobs.
"""
