"""The pages of a session, without script: asked for by a lead, granted at the desk."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.rooms.places import TUESDAY, claims
from tests.support import clients
from tests.support.cast import Cast
from tests.support.page import Page


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_lead_asks_by_the_page_and_the_desk_grants_in_one_tap(
    app: Flask, places: Cast, slot_id: Callable[..., str]
) -> None:
    lead, team = clients.client_of(app, places.bruno), clients.client_of(app, places.denis)
    path = f"/slots/{slot_id('salle-1', TUESDAY, '10:00')}/session"
    page = Page(lead.get(path).get_data(as_text=True))
    boxes = [each.get("value") for each in page.all(".//input[@name='dates']")]
    assert len(boxes) == 8
    said = {"way": "ask", "shown": "1-8", "every": "1", "count": "8", "size": "5"}
    assert lead.submit(path, {**said, "name": "", "dates": boxes}).status_code == 422
    assert lead.submit(path, {**said, "name": "Huit", "dates": boxes[:5]}).status_code == 422
    assert lead.submit(path, {**said, "name": "Huit", "count": "9", "dates": boxes}).status_code == 200
    answer = lead.submit(path, {**said, "name": "Huit", "dates": boxes[1:]})
    assert answer.status_code == 303
    where = answer.headers["Location"]
    shown = Page(lead.get(where).get_data(as_text=True))
    assert shown.h1 == "Votre session attend"
    assert "[0, 1" not in shown.text  # the hours of the house, at the foot
    assert "Votre session" in lead.get("/clubs/tilleul/requests").get_data(as_text=True)
    assert "Huit" not in team.get("/desk").get_data(as_text=True)
    assert team.get(where).status_code == 404
    assert team.send(f"{where}/grant", on="/desk").status_code == 303
    with app.app_context():
        assert len(claims()) == 7
    assert "Votre session est accordée" in lead.get(where).get_data(as_text=True)
