"""Files that last begin first, so that no worker waits for another at the end; some compute while others wait.

Nothing depends on it: a file that is not named runs after these, in the order of the folders.
"""

import pytest

FIRST = (
    "rules/test_rights", "web/test_server", "journeys/test_look", "faults/test_frames", "journeys/test_width",
    "accounts/test_sockets", "faults/test_bad_network", "faults/test_rolling_restart",
    "journeys/test_live_cuts", "demo/test_days", "rooms/test_storm",
    "journeys/test_without_script", "faults/test_database_away", "start/test_make_run", "journeys/test_cut",
    "journeys/test_keyboard", "faults/test_slow_bodies", "rules/test_spoken_pages", "faults/test_pollers",
    "web/test_openapi", "houses/test_setup", "rooms/test_routes", "core/test_seq", "clubs/test_actions",
    "rules/test_discreet", "journeys/test_two_leads", "rules/test_discreet_mode", "rules/test_apart",
    "clubs/test_routes", "journeys/test_live_talk", "demo/test_house", "demo/test_load", "security/test_every_route",
    "core/test_settings", "facilitation/pauses/test_pauses", "journeys/test_first_hello", "journeys/test_passkey",
    "start/test_commands",
)  # fmt: skip
PLACES = {f"tests/{name}.py": place for place, name in enumerate(FIRST)}


def longest_first(items: list[pytest.Item]) -> None:
    """Those named in front; the rest stays as it was."""
    items.sort(key=lambda item: PLACES.get(item.nodeid.partition("::")[0], len(PLACES)))
