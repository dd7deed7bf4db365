"""What is kept: the page that says it of one person, made from their own data, and the nightly purge.

policy · queries (what lies where, of one person) · words · routes · jobs (the night).
"""
