"""The team acts for a club whose people came in or phoned: it claims, gives back and exchanges a slot (PRODUCT 6).

By the same rules and the same way to the table as a lead; of the club it sees no more than the week shows the team.
Each act stands in the journal and in the history of the claim, and is told to the leads.

policy · queries (a claim, a proposal, for the team) · actions · notices · forms · routes.
"""
