"""What a person notes of themselves before and after an interview: eight lines, three words. Private; a link for a day.

models · words (the lines) · queries · actions · routes · jobs · leaving.
"""
