"""Floor 1: the plumbing between Flask and the features. No feature.

guard (closed by default) · reading (language, size, contrast, theme) · filters (dates, typography) · forms · errors ·
headers · assets · api (the JSON door) · sockets (the socket door) · log.
"""
