"""Cards of the desk, for people without e-mail: a number that finds the row, and three words that open it.

numbers · words · models · queries · actions (make, print again, prove, come in, block) · forms · routes · parts (the
row on the page of one's account) · proof (the words, asked again). The desk that prints them is on the floor of houses.
"""
