"""Floor between meetings and facilitation: a job interview soon, rehearsed for fifteen minutes, today or tomorrow.

agenda · models · policy · times (quarters of an hour) · queries · actions (listen, take, cancel, avoid) · forms ·
routes · jobs · leaving; ``cards`` the questions, ``grids`` what a person notes of themselves.
"""
