"""Who works in a house, and what the house says of itself: for its managers.

policy · queries · actions · forms · routes.
"""
