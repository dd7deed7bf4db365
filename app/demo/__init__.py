"""The demo house and the crowds: what fills an empty database.

load (people, houses, clubs) · places (rooms) · story (what happened in a club, in order) · crowd (load tests); the
content itself is TOML.
"""
