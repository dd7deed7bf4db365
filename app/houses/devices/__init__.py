"""Screens of the house: a kiosk in the hall, paired by six letters that the desk shows, and what is asked from it.

``models`` the rows · ``here`` which paired device asks, by its cookie, and what it may not do · ``hall`` the choices of
its first page, told by the floors above · ``queries``, ``actions``, ``forms``, ``routes``, ``jobs``.
"""
