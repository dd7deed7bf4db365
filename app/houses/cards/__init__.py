"""The desk prints cards for people without e-mail, and prints one again. What a card is stands in ``accounts.cards``.

policy · actions · forms · routes. There is no list of cards, and no way from a card to its account.
"""
