"""The shelf of a house: links and sheets by need, trade and language, each with what it is for and its last check.

models · queries (``sheets_for_need`` for the floors above) · actions · waiting (what comes up on the desk) ·
forms · routes · jobs. The server fetches nothing: a dead link is told by people. There are no files yet: no kept
library takes the metadata out of a PDF, and one that says who wrote it may name a person (decision 47).
"""
