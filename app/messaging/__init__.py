"""Floor 5: discussions, messages, word reactions, and how far each member has read.

models · policy · reactions (the four words) · markdown and links (light Markdown to safe HTML) · checks (what may be
said) · shapes (JSON) · queries (always for someone) · unread (the private pointer) · live (what the log's rows say
today) · actions (open, post, edit, withdraw, react, mark read) · beside (filled by the floors above) · views (what the
page shows) · forms · routes · api · sockets (message:post, thread:typing).
"""
