"""Leads say on their own pages that one club came out of the other; neither reads the name of the other there."""

import re

import pytest
from flask import Flask

from tests.support import clients
from tests.support.cast import Cast


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_leads_do_it_on_their_pages_and_read_no_name(app: Flask, scarce: Cast) -> None:
    gives, takes = clients.client_of(app, scarce.dario), clients.client_of(app, scarce.bruno)
    path = "/clubs/tilleul/draw/split"
    page = gives.submit("/clubs/romarin/draw/split", action="/clubs/romarin/draw/split/word")
    [word] = re.findall(r"\b(?:[a-z]{4}-){2}[a-z]{4}\b", page.text)
    assert takes.submit(path, {"word": "bodi-ravu-temo"}).status_code == 422
    assert takes.submit(path, {"word": word}).status_code == 303
    text = takes.get(path).text
    assert ("tire avec un autre" in text, "omarin" in text) == (True, False)
    assert path in takes.get("/clubs/tilleul/draw").page.links
    assert "Club Romarin et Club Tilleul" in clients.client_of(app, scarce.denis).get("/houses/canal/draws/splits").text
