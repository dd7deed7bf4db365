"""Partners of a house: who they are in plain words, and who gives advice for them.

models · policy · queries · actions (a manager keeps them) · advisers (invite one, become one, end it) · forms ·
routes · parts · jobs. An adviser is an ordinary account that a manager's code made one: no
right in any club, and of the people who booked a name and a time (decision 46). Hours are in ``app.houses.advice``.
"""
