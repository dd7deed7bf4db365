"""Floor 4: clubs, memberships, the club's log and who may watch it.

models · names (what may be one, when two are the same) · consent · policy · queries (always for someone) · live (the
log: record, push, catch up) · waiting (the long poll) · actions (join, accept, leave, lead, rename) · diary (filled by
the floors above) · cards · forms · routes · api · sockets (club:watch) · jobs.
"""
