"""Floor 0: what every feature stands on. No request, no feature.

db (transactions, the two engines) · models (jobs, revocations) · clock · ids · actor · errors · sealed · limits ·
jobs · realtime (the Socket.IO server) · wire (one websocket, bounded) · offload · plain_text (Unicode) · privacy.
"""
