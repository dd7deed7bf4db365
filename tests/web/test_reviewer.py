"""The reviewing page finds what it must find: each fault alone, and none in a good page."""

import pytest

from tests.support.page import Page, review

GOOD = """<!doctype html><html lang="fr" dir="ltr"><head><meta charset="utf-8"><title>Clubs – Maison du Canal</title>
<link rel="stylesheet" href="/static/x/css/style.css"></head><body><a href="#main">Aller</a>
<main id="main"><h1>Clubs</h1><form method="post" action="/x"><input type="hidden" name="csrf_token" value="abc">
<label for="name">Nom</label><input id="name" name="name"><button>Envoyer</button></form></main></body></html>"""

FAULTS = {
    "line": ("<h1>Clubs</h1>", "<h1>Clubs</h2>"),
    "lang is 'xx'": ('lang="fr"', 'lang="xx"'),
    "dir is 'rtl'": ('dir="ltr"', 'dir="rtl"'),
    "2 h1 instead of one": ("<h1>Clubs</h1>", "<h1>Clubs</h1><h1>Encore</h1>"),
    "the h1 is empty": ("<h1>Clubs</h1>", "<h1></h1>"),
    "title 'Clubs' does not end": ("Clubs – Maison du Canal", "Clubs"),
    "id 'main' stands 2 times": ("<h1>", '<h1 id="main">'),
    "label for='name' leads nowhere": ('id="name" ', 'aria-label="Nom" '),
    "input 'name' has no label": ('<label for="name">Nom</label>', ""),
    "an inline script": ("<h1>", "<script>1</script><h1>"),
    "an inline style sheet": ("<h1>", "<style>a{}</style><h1>"),
    "h1 has the attribute style": ("<h1>", '<h1 style="color:red">'),
    "h1 has the attribute onclick": ("<h1>", '<h1 onclick="x()">'),
    "a href is a script": ("#main", "javascript:x()"),
    "a href='https://else.example/' leads outside": ("#main", "https://else.example/"),
    "a href='//else.example/' leads outside": ("#main", "//else.example/"),
    "the link '#there' leads nowhere": ("#main", "#there"),
    "the form to '/x' has no CSRF token": ('value="abc"', 'value=""'),
    "button None has no words": ("Envoyer", ""),
    "img '/x.png' has no alt": ("<h1>", '<img src="/x.png"><h1>'),
}


def test_a_good_page_passes() -> None:
    review(Page(GOOD))


@pytest.mark.parametrize("said", FAULTS)
def test_each_fault_is_found(said: str) -> None:
    right, wrong = FAULTS[said]
    assert right in GOOD
    with pytest.raises(AssertionError) as error:
        review(Page(GOOD.replace(right, wrong, 1)))
    assert said in str(error.value)


def test_a_link_of_a_message_may_lead_outside() -> None:
    link = '<a href="https://else.example/" rel="nofollow noopener noreferrer ugc">là</a>'
    review(Page(GOOD.replace("<h1>", f"{link}<h1>")))


def test_a_form_is_read_as_a_browser_sends_it() -> None:
    html = """<form action="/go" method="post"><input name="a" value="1"><textarea name="b">deux</textarea>
    <select name="c"><option value="x">X</option><option value="y" selected>Y</option></select>
    <input type="radio" name="d" value="no"><input type="radio" name="d" value="yes" checked>
    <input type="checkbox" name="e"><button name="f" value="sent">Oui</button></form>"""
    form = Page(html).forms()[0]
    assert (form.action, form.method) == ("/go", "post")
    assert form.fields == {"a": "1", "b": "deux", "c": "y", "d": "yes"}
