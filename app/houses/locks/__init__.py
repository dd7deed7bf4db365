"""A manager locks an account by typing its address or the number of its card. There is no list, and no answer.

policy · actions · forms · routes. What a lock ends stands in ``accounts``; clubs see nothing of it.
"""
