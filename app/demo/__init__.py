"""The demo house and the crowds: what fills an empty database.

load (people, houses, clubs) · places (rooms) · story (what happened in a club, in order) · together (what clubs plan) ·
practice (who listens) · advice, hand (partners, the desk) · crowd (load tests); the content itself is TOML.
"""
