"""A lead proposes something for the shelf of the house; nothing tells the team which club it was.

policy · queries (what was answered, found by a hash) · actions · routes.
"""
