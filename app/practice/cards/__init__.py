"""Questions of a job interview by trade, one by one: for everybody, without an account.

``deck`` the cards, from a data file · routes.
"""
