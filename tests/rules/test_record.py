"""The record of processing names everything that is stored, and nothing else."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.core.db import db

RECORD = Path("docs/privacy/processing.md")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_table_stands_in_the_record_of_processing_once(app: Flask) -> None:
    rows = [
        line.split("|")[2] for line in RECORD.read_text().split("## What is processed")[1].splitlines() if "|" in line
    ]
    named = [name for cell in rows for name in re.findall(r"`([a-z_]+)`", cell)]
    assert sorted(named) == sorted(db.metadata.tables)
