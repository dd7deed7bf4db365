"""Floor 6: who waits for a room, to whom it is offered and until when; the short hold while a claim's page is filled.

models · policy · queries (places, for someone; who is next) · offers (made when a room becomes free) · actions (wait,
leave, hold a slot for some minutes) · notices · jobs (each minute: what lapsed goes on) · forms · routes.
"""
