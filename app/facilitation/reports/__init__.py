"""Floor 8: a message that was reported, what is decided about it, and the one objection.

policy · queries (who may decide, judged when asked) · actions (report, decide, hide, object, answer) · opening (the
team reads one: the journal says so) · shapes (people as letters) · waiting (for leads and for the team) · emergency
(who answers now, by country) · mails · checks · forms · views · routes · api · jobs (hidden for a time, it comes back).
"""
