"""A club's archive: announced to every member seven days before, without who keeps out, with numbers for names.

It is stored nowhere: whoever leads fetches it, and it is made then of what stands then. So who leaves, takes back or is
erased meanwhile is not in it.

policy · queries · actions (ask, confirm, cancel, keep out) · bundle (what is in it) · shapes (the file) · parts (what
the club's page says) · forms · routes · live · jobs.
"""
