"""Floor 4: clubs, memberships, the club's log and who may watch it.

models · policy · queries (always for someone) · live (the log: record, push, catch up) · actions (join, accept, leave,
lead, rename) · forms · routes · api · sockets (club:watch).
"""
