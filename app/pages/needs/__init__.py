"""What do you need? Doors in everyday words, for who has no account; and the doors of a kiosk's first page.

``words`` what a sentence asks for · ``doors`` which clubs say that they answer · ``answers`` all that does · ``order``
by what helped · ``actions`` that it did · ``kiosk`` what a kiosk offers · models · forms · jobs · routes.
"""
