"""Floor 7: a claim is a meeting: who comes, the agenda of a person, what a club has ahead.

models (answers) · queries (meetings, for someone) · policy · actions (answer) · forms · routes.
"""
