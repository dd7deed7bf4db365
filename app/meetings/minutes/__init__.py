"""Minutes of a meeting, written together: every version is kept, no edit is lost, decisions are picked from them.

models · policy · texts (what differs) · queries · actions · forms · routes · live · parts (on the pages of the
meeting and of the club) · jobs (how long) · leaving.
"""
