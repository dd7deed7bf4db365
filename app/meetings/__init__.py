"""Floor 7: meetings, in a claimed room or elsewhere: who comes, the agenda of a person, what a club has ahead.

models (each claim gets its meeting there) · queries (``MeetingView``, for someone; ``my_meeting``, to write) · policy ·
actions (plan, answer) · live · parts (what features put on a meeting's page) · moves · leaving · routes · jobs.
"""
