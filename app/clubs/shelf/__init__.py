"""A lead proposes something for the shelf of the house; nothing tells the team which club it was. policy · routes."""
