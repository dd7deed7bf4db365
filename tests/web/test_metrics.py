"""What is counted: on its own port, for this machine alone, summed over processes, and naming nobody."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from app.config import SettingError, load_settings
from tests.support import clients
from tests.support.cast import Cast
from tests.support.process import Server, free_port
from tests.support.sockets import Socket
from tests.support.waiting import wait_for

LABELS = {
    "kind",
    "generation",
    "le",
    "code",
    "door",
    "event",
    "error",
    "implementation",
    "major",
    "minor",
    "patchlevel",
    "version",
}


def samples(port: int) -> list[tuple[str, dict[str, str], float]]:
    told = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
    assert (told.status_code, told.headers["Content-Type"].split(";")[0]) == (200, "text/plain")
    families = text_string_to_metric_families(told.text)
    return [(sample.name, sample.labels, sample.value) for family in families for sample in family.samples]


def number(port: int, name: str, **labels: str) -> float:
    return sum(value for found, said, value in samples(port) if (found, said) == (f"pepiniere_{name}", labels))


def talk(server: Server, listening: Socket) -> None:
    """One message by a socket, one refusal by each door."""
    secret = clients.api_of(server.app, server.cast.bruno).secret
    key = {"Authorization": f"Bearer {secret}"}
    post = {"title": "Zinnia", "body": "Zinnia", "client_id": str(uuid.uuid4())}
    made = requests.post(f"{server.url}/api/v1/clubs/tilleul/threads", json=post, headers=key).json()
    assert listening.next()["kind"] == "thread:opened"
    assert listening.next()["data"]["id"] == made["message"]["id"]
    assert listening.call("club:watch", {"club": "glycine"})["problem"]["code"] == "not_found"
    assert requests.get(f"{server.url}/api/v1/clubs/romarin", headers=key).status_code == 404
    assert requests.get(f"{server.url}/clubs/zinnia").status_code == 404


def name_nobody(port: int, cast: Cast) -> None:
    """No label holds anything but words of the code; what is refused stands there, so there is something to find."""
    told = samples(port)
    assert {label for _name, labels, _value in told for label in labels} <= LABELS
    ids = [*cast.clubs, *cast.clubs.values(), *cast.houses, "zinnia", "127.0.0.1"]
    ids += [word for person in cast.everyone for word in (person.key, person.account_id, *person.memberships.values())]
    values = {value.lower() for _name, labels, _value in told for value in labels.values()}
    assert ("not_found" in values, [each for each in ids if any(each.lower() in value for value in values)]) == (
        True,
        [],
    )


def test_what_a_house_does_is_counted_and_names_nobody(start_server: Callable[..., Server]) -> None:
    port = free_port()
    server = start_server(ADMIN_PORT=port)
    listening = Socket(server.url, clients.api_of(server.app, server.cast.amina).secret)
    listening.call("club:watch", {"club": "tilleul"})
    talk(server, listening)
    wait_for(lambda: number(port, "pushes_total") == 2, "the second push is not counted")
    counted = ("posts_total", "claims_total", "sockets", "push_lag_seconds_count")
    assert {name: number(port, name) for name in counted} == dict(zip(counted, (1, 0, 1, 2), strict=True))
    refused = {door: number(port, "refusals_total", code="not_found", door=door) for door in ("api", "page", "socket")}
    assert refused == {"api": 1, "page": 1, "socket": 1}
    assert 0 <= number(port, "jobs_age_seconds") < 60
    listening.close()
    wait_for(lambda: number(port, "sockets") == 0, "a socket that is gone is still counted")
    name_nobody(port, server.cast)
    assert requests.get(f"{server.url}/metrics").status_code == 404
    assert requests.get(f"http://127.0.0.1:{port}/").status_code == 404
    assert listens_on(port) == {"0100007F"}


def listens_on(port: int) -> set[str]:
    """The addresses that take connections on a port, as the kernel tells."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}


def test_the_port_of_the_house_is_not_the_one_of_its_numbers(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as told:
        load_settings({"SECRET_KEY": "s" * 20, "PORT": "5000", "ADMIN_PORT": "5000"}, tmp_path)
    assert str(told.value).startswith("ADMIN_PORT: ")
