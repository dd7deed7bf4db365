"""The first opening of an empty house: four small steps, guarded by a code printed where the program started.

models (codes with the steps so far; the one row that says a house was opened) · queries · actions · furnishing (the
rooms, made by the floor above) · forms · routes.
"""
