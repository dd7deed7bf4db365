"""The team's first page: what waits, this evening, how clubs are, the clock. It counts meetings and names nobody.

models · sizes (bands) · cues · health · evening · clock · queries (all together) · policy · actions · jobs · routes.
"""
