"""What a meeting is made of: its points, in their order, and who brings what.

models · policy · queries · actions · forms · routes · live · parts (on the meeting's page) · jobs (how long) · leaving.
"""
