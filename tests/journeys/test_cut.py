"""Journey 6: the network cuts while somebody writes; the message waits on the phone and arrives once."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.talk import Talk, message, open_talk, write
from tests.support.browser import Reader
from tests.support.process import Server


def test_what_waits_is_delivered_once(place: Server, sit: Callable[..., Reader]) -> None:
    talk = Talk(place)
    amina, bruno = sit(place.cast.amina), sit(place.cast.bruno)
    amina.allow("ERR_INTERNET_DISCONNECTED", "WebSocket")
    for each in (amina, bruno):
        open_talk(each.page, talk)
    amina.context.set_offline(True)
    write(amina.page, "Vous me lisez ?")
    expect(message(amina.page, "Vous me lisez ?")).to_contain_text("Pas de réseau. Le message partira tout seul")
    amina.context.set_offline(False)
    expect(message(bruno.page, "Vous me lisez ?")).to_have_count(1, timeout=20_000)
    expect(message(amina.page, "Vous me lisez ?")).not_to_contain_text("Pas de réseau", timeout=20_000)
    assert message(amina.page, "Vous me lisez ?").count() == 1
    assert talk.stored() == ["Bonjour **à tous**", "Vous me lisez ?"]
