"""What the house owes in writing: what it keeps, its rules, who answers for it, accessibility; and the words it adds.

kept (every table in a sentence) · models · queries · policy · actions · forms · routes.
"""
