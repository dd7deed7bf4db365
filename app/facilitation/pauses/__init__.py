"""A lead stops harm: a member on pause for a time, or out of the club. Leaving and coming back does not undo it.

policy · queries (what keeps somebody out, and why) · actions · forms · routes · api · jobs (what is over goes).
"""
