"""The shelf of a house: links and sheets by need, trade and language, each with what it is for and its last check.

models · queries (``sheets_for_need`` for the floors above) · actions · files (one waits, then stands beside its sheet)
· washing and wash (a file is written anew, in a process of its own: decision 48) · waiting (what comes up on the desk)
· reasons (why something proposed is not kept) · forms · writing (a form until it is right) · routes · jobs. The server
fetches nothing: a dead link is told by people.
"""
