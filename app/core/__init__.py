"""Floor 0: what every feature stands on. No request, no feature.

db (transactions, the two engines) · questions (reads asked of the driver) · models (jobs, revocations) · clock · ids ·
actor · errors · sealed · limits · jobs · realtime (the Socket.IO server) · wire (one websocket, bounded) · offload ·
plain_text (Unicode) · privacy.
"""
