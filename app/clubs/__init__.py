"""Floor 4: clubs, memberships, the club's log and who may watch it.

models · names (what may be one, when two are the same) · consent · policy · queries (always for someone) · live (the
log: record, push, catch up) · returns (read once for many) · waiting (the long poll) · actions (join, accept, leave,
lead, rename) · partings (who goes for good leaves each club at its own moment) · diary (filled by the floors above) ·
parts (the same, on the pages of a club) · cards · forms · routes · api · sockets (club:watch) · jobs.
"""
