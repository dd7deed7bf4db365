"""Floor 1: the plumbing between Flask and the features. No feature.

guard (closed by default) · same_session (a page acts for one session) · way_back · reading (language, size, contrast,
theme) · filters (dates, typography) · forms · fragments (one block of a page) · errors · headers · assets · api and
description (the JSON door) · sockets (the socket door) · patience (slow clients) · health · catalogues · log.
"""
