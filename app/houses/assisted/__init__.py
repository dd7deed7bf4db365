"""A person helped at the desk: thirty minutes on a turned screen, each act noted for a receipt that names no club.

models · queries (the receipt) · actions (offer, begin, note, end) · words (acts, as the receipt says them) · forms ·
routes · jobs. The team sees that it began and ended; what was done is on the paper that the person takes.
"""
