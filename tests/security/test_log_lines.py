"""A line of the log: one JSON object, its moment in UTC, and nobody's words make a second one."""

import json
from datetime import UTC, datetime

import pytest
import structlog
from flask import Flask

from app.web.log import init_log

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def line_of(app: Flask, capsys: pytest.CaptureFixture[str], **values: str) -> str:
    init_log(app)
    structlog.get_logger().error("job_failed", **values)
    return capsys.readouterr().err


def test_a_line_is_one_object_with_its_moment_in_utc(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(line_of(app, capsys, kind="mail:send"))
    assert datetime.fromisoformat(line.pop("timestamp")).tzinfo == UTC
    assert line == {"event": "job_failed", "kind": "mail:send", "level": "error"}


def test_nobody_writes_a_line_of_their_own(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    forged = 'x\n{"event": "all_is_well", "level": "info"}\r\u2028\x1b[2J'
    told = line_of(app, capsys, kind=forged)
    assert (told.count("\n"), json.loads(told)["kind"]) == (1, forged)
    assert "\x1b" not in told
