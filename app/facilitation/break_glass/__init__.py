"""Reading a club in an emergency, and nothing else: one of the team asks, another one says yes, the club is told.

Who reads so is no member and passes no door of the club: no membership is made. They have pages of their own, which
exist for them alone while the row says so. Nothing can be written there, no socket hears, no call answers.

policy · queries (who may read now; what the club is told) · actions (ask, confirm, end) · forms · routes · reading
(what the pages show) · words · desk (what waits for the second person) · live · jobs (tells the club on its day).
"""
