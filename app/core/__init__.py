"""Floor 0: what every feature stands on. No request, no feature.

db (transactions, the two engines) · models (jobs, revocations) · clock · ids · actor · errors · sealed · limits ·
jobs · realtime · offload · privacy.
"""
