"""The page of a discussion and its forms, without script."""

import re
from urllib.parse import urlsplit

import pytest

from app.core.db import db
from app.messaging import routes
from app.messaging.models import Message


def texts(page, path):
    return [" ".join("".join(found.itertext()).split()) for found in page.all(path)]


def bodies(page):
    return texts(page, ".//li/div[@class='bubble']")


def stored(app, message_id):
    with app.app_context():
        return db.session.get_one(Message, message_id).body


def test_show_thread(client_of, cast, opened, say):
    answer_to = say(cast.amina, "Un **gâteau**.", reply_to=opened["message"])
    answer = client_of(cast.bruno).get(f"/threads/{opened['thread']}")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert texts(answer.page, ".//title") == ["Discussion – Club Tilleul – Maison du Canal"]
    assert texts(answer.page, ".//h1") == ["Mardi"]
    assert bodies(answer.page) == ["On amène quoi ?", "Bruno : « On amène quoi ? »Un gâteau."]
    assert texts(answer.page, f".//li[@id='m-{answer_to}']//b")[0] == "Ama"
    assert texts(answer.page, ".//h2[@class='h-day']") == ["Aujourd’hui"]
    assert "Lu par les 2 membres du club." in texts(answer.page, ".//p[@id='body-note']")
    (log,) = answer.page.all(".//ol[@id='log']")
    assert len(log.attrib.pop("data-key")) == 64
    assert {k: v for k, v in log.attrib.items() if k.startswith("data-")} == {
        "data-thread": opened["thread"],
        "data-club": "tilleul",
        "data-me": cast.bruno.memberships["tilleul"],
        "data-my-name": "Bruno",
        "data-seq": "3",
        "data-zone": "Europe/Paris",
        "data-end": "",
    }


def test_what_is_said_while_a_page_is_read_is_on_it_or_comes_after(client_of, cast, opened, say, monkeypatch):
    stock = routes.place_for

    def interrupted(*asked):
        place = stock(*asked)
        say(cast.amina, "Entre-temps.")
        return place

    monkeypatch.setattr(routes, "place_for", interrupted)
    page = client_of(cast.bruno).get(f"/threads/{opened['thread']}").page
    (log,) = page.all(".//ol[@id='log']")
    assert "Entre-temps." in bodies(page) or log.attrib["data-seq"] == "2"


def test_what_seals_on_a_device_is_of_one_session_and_one_membership(client_of, cast, opened, say):
    """And there is none on a device for several people."""

    def key(client, path=f"/threads/{opened['thread']}"):
        (found,) = {each.get("data-key") for each in client.get(path).page.all(".//*[@data-me]")} or {None}
        return found

    bruno, again, amina = client_of(cast.bruno), client_of(cast.bruno), client_of(cast.amina)
    assert key(bruno) == key(bruno) == key(bruno, "/clubs/tilleul")
    assert len({key(bruno), key(again), key(amina), key(amina, "/clubs/romarin")}) == 4
    shared = client_of(cast.bruno, shared=True)
    assert [key(shared), key(shared, "/clubs/tilleul")] == [None, None]


def test_show_thread_is_nothing_for_others(client_of, visitor, cast, opened, zoe):
    for stranger in (cast.chloe, cast.dario, cast.denis, cast.elise, zoe):
        client = client_of(stranger)
        real, unreal = client.get(f"/threads/{opened['thread']}"), client.get(f"/threads/{'a' * 26}")
        assert (real.status_code, unreal.status_code) == (404, 404)
        token = re.compile(r'(name="csrf-token" content|name="csrf_token" value)="[^"]*"')
        assert token.sub("", real.text) == token.sub("", unreal.text)
        assert client.send(f"/threads/{opened['thread']}", {"body": "a"}, on="").status_code == 404
        assert client.get(f"/threads/{opened['thread']}/messages/{opened['message']}/edit").status_code == 404
    assert visitor.get(f"/threads/{opened['thread']}").status_code == 303


def test_one_block_of_the_page(client_of, cast, opened):
    answer = client_of(cast.amina).get(f"/threads/{opened['thread']}", headers={"X-Fragment": "log"})
    assert answer.text.strip().startswith("<ol")
    assert answer.text.strip().endswith("</ol>")


def test_post_message_by_form(app, client_of, cast, opened):
    client, path = client_of(cast.amina), f"/threads/{opened['thread']}"
    form = client.get(path).page.form(path)
    sent = {**form.fields, "body": "Un gâteau."}
    first, again = client.post(path, data=sent), client.post(path, data=sent)

    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    place = urlsplit(first.location)
    assert place.path == path
    assert stored(app, place.fragment.removeprefix("m-")) == "Un gâteau."
    assert bodies(client.get(path).page) == ["On amène quoi ?", "Un gâteau."]


@pytest.mark.parametrize(
    ("body", "words"),
    [(" ", "Écrivez d’abord votre message."), ("x" * 4001, "C’est trop long : 4 000 signes au plus.")],
)
def test_post_message_refused_keeps_what_was_typed(client_of, cast, opened, body, words):
    path = f"/threads/{opened['thread']}"
    answer = client_of(cast.amina).submit(path, {"body": body}, action=path)

    assert answer.status_code == 422
    assert texts(answer.page, ".//title")[0].startswith("Erreur :")
    assert words in " ".join(texts(answer.page, ".//p[@id='body-e']")[0].replace("\u202f", " ").split())
    assert answer.page.form(path).fields["body"] == body


def test_post_message_beyond_the_budget_keeps_what_was_typed(client_of, cast, opened):
    client, path = client_of(cast.amina), f"/threads/{opened['thread']}"
    for _each in range(5):
        assert client.submit(path, {"body": "Encore."}, action=path).status_code == 303
    answer = client.submit(path, {"body": "De trop."}, action=path)

    assert (answer.status_code, answer.page.form(path).fields["body"]) == (429, "De trop.")
    assert int(answer.headers["Retry-After"]) >= 1


def test_post_message_with_a_spent_number_gets_a_new_one(client_of, cast, opened):
    client, path = client_of(cast.amina), f"/threads/{opened['thread']}"
    fields = client.get(path).page.form(path).fields
    client.post(path, data={**fields, "body": "Un."})
    refused = client.post(path, data={**fields, "body": "Deux."})

    assert refused.status_code == 409
    again = refused.page.form(path).fields
    assert again["body"] == "Deux."
    assert client.post(path, data=again).status_code == 303


def test_reply_by_form(client_of, cast, opened):
    client, path = client_of(cast.amina), f"/threads/{opened['thread']}"
    page = client.get(f"{path}?reply={opened['message']}").page
    assert "Réponse à Bruno : « On amène quoi ? »" in texts(page, ".//p[@data-reply]")[0].replace("\xa0", " ")
    client.post(path, data={**page.form(path).fields, "body": "Un gâteau."})
    assert bodies(client.get(path).page)[1] == "Bruno : « On amène quoi ? »Un gâteau."
    assert client.get(f"{path}?reply={'a' * 26}").page.form(path).fields["reply_to"] == ""


def test_open_thread_by_form(client_of, cast):
    client, path = client_of(cast.amina), "/clubs/tilleul/threads/new"
    refused = client.submit(path, {"title": "", "body": "Bonjour."})
    assert refused.status_code == 422
    assert texts(refused.page, ".//div[@class='errors']//a") == ["Donnez un titre à la discussion."]

    fields = {**refused.page.form().fields, "title": "Jeudi"}
    first, again = client.post(path, data=fields), client.post(path, data=fields)
    assert (first.status_code, first.location) == (303, again.location)
    page = client.get(first.location).page
    assert (texts(page, ".//h1"), bodies(page)) == (["Jeudi"], ["Bonjour."])
    assert client_of(cast.chloe).get(path).status_code == 404
    assert client_of(cast.denis).get(path).status_code == 404


def test_edit_message_by_form(app, client_of, cast, opened, say):
    mine = say(cast.amina, "Avant.")
    client, path = client_of(cast.amina), f"/threads/{opened['thread']}/messages/{mine}/edit"
    assert client.get(path).page.form().fields["body"] == "Avant."

    refused = client.submit(path, {"body": " "})
    assert (refused.status_code, stored(app, mine)) == (422, "Avant.")
    done = client.submit(path, {"body": "Après."})
    assert (done.status_code, done.location) == (303, f"/threads/{opened['thread']}#m-{mine}")
    page = client.get(done.location).page
    assert bodies(page) == ["On amène quoi ?", "Après."]
    assert "modifié" in texts(page, f".//li[@id='m-{mine}']/p")[0]
    assert client_of(cast.bruno).get(path).status_code == 403


def test_withdraw_message_after_a_question(app, client_of, cast, opened, say):
    mine = say(cast.amina, "À oublier.")
    client, path = client_of(cast.amina), f"/threads/{opened['thread']}/messages/{mine}/withdraw"
    asked = client.send(path, on=path)
    assert (asked.status_code, asked.location, stored(app, mine)) == (303, path, "À oublier.")

    assert client.submit(path).status_code == 303
    assert stored(app, mine) == ""
    page = client.get(f"/threads/{opened['thread']}").page
    assert bodies(page) == ["On amène quoi ?", "Message retiré."]
    assert client.get(path).status_code == 410


def test_react_by_form(client_of, cast, opened):
    client, path = client_of(cast.amina), f"/threads/{opened['thread']}"
    word = f"{path}/messages/{opened['message']}/reactions"
    back = client.send(word, {"emoji": "🙏"}, on=path)
    assert (back.status_code, back.location) == (303, f"{path}#m-{opened['message']}")
    said = ".//button[@aria-pressed]"
    assert texts(client.get(path).page, said) == ["Merci : Ama"]
    assert texts(client_of(cast.bruno).get(path).page, said) == ["Merci : Ama"]

    client.send(f"{word}/withdraw", {"emoji": "🙏"}, on=path)
    assert texts(client.get(path).page, said) == []
    assert client.send(word, {"emoji": "❤"}, on=path).status_code == 422


def test_buttons_lead_back_to_the_older_stretch(client_of, cast, opened, say):
    say(cast.amina)
    path = f"/threads/{opened['thread']}"
    word = f"{path}/messages/{opened['message']}/reactions"
    back = client_of(cast.amina).send(
        word, {"emoji": "👏"}, on=path, headers={"Referer": f"http://localhost{path}?before=3"}
    )
    assert back.location == f"{path}?before=3#m-{opened['message']}"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_buttons_lead_back_from_an_address_that_is_none(client_of, cast, opened):
    path = f"/threads/{opened['thread']}"
    word = f"{path}/messages/{opened['message']}/reactions"
    back = client_of(cast.amina).send(word, {"emoji": "👏"}, on=path, headers={"Referer": "http://["})
    assert back.location == f"{path}#m-{opened['message']}"


def test_the_unread_line_and_the_pointer(client_of, cast, opened, say):
    amina, path = client_of(cast.amina), f"/threads/{opened['thread']}"
    assert texts(amina.get(path).page, ".//li[@id='unread']") == ["1 nouveau message"]
    assert texts(amina.get(path).page, ".//li[@id='unread']") == []

    say(cast.bruno, "Un.")
    say(cast.amina, "Deux.")
    say(cast.bruno, "Trois.")
    amina.get(path, headers={"Sec-Purpose": "prefetch"})
    amina.head(path)
    page = amina.get(path).page
    assert texts(page, ".//li[@id='unread']") == ["2 nouveaux messages"]
    order = [li.get("id") or li.get("class") for li in page.all(".//ol[@id='log']/li")]
    assert order[2] == "unread"
    assert texts(client_of(cast.bruno).get(path).page, ".//li[@id='unread']") == ["1 nouveau message"]


def test_older_messages_are_a_link_away(client_of, cast, opened, say):
    for number in range(2, 121):
        say(cast.bruno, f"n{number}")
    bruno, path = client_of(cast.bruno), f"/threads/{opened['thread']}"
    page = bruno.get(path).page
    assert bodies(page) == [f"n{n}" for n in range(71, 121)]
    assert texts(page, ".//li[@class='gathered']/span") == [
        "70 messages plus anciens. Afficher les messages plus anciens"
    ]
    older = page.all(".//li[@class='gathered']//a")[0].get("href")
    second = bruno.get(older).page
    assert bodies(second) == [f"n{n}" for n in range(21, 71)]
    assert second.all(".//ol[@data-end]") == []
    assert texts(second, ".//p/a[@class='link-tap']") == ["Aller aux derniers messages"]
    third = bruno.get(second.all(".//li[@class='gathered']//a")[0].get("href")).page
    assert bodies(third)[0] == "On amène quoi ?"
    assert third.all(".//li[@class='gathered']") == []

    new = client_of(cast.amina).get(path).page
    assert (texts(new, ".//li[@id='unread']"), len(bodies(new))) == (["120 nouveaux messages"], 120)


def test_the_floor_on_the_page(client_of, cast, opened, say, zoe):
    new = say(cast.bruno, "Bienvenue.", reply_to=opened["message"])
    say(cast.amina, "Oui !", reply_to=new)
    page = client_of(zoe).get(f"/threads/{opened['thread']}").page
    assert bodies(page) == ["Bienvenue.", "Bruno : « Bienvenue. »Oui !"]
    assert page.all(".//li[@class='gathered']") == []
    assert "On amène quoi" not in client_of(zoe).get(f"/threads/{opened['thread']}?before=3").text
    assert "On amène quoi" not in client_of(zoe).get(f"/threads/{opened['thread']}?reply={opened['message']}").text


def test_a_member_who_left_is_nobody(client_of, cast, opened, say, leave):
    mine = say(cast.amina, "Au revoir.")
    client = client_of(cast.amina)
    client.send(
        f"/threads/{opened['thread']}/messages/{opened['message']}/reactions",
        {"emoji": "🙏"},
        on=f"/threads/{opened['thread']}",
    )
    leave(cast.amina, "tilleul")
    answer = client_of(cast.bruno).get(f"/threads/{opened['thread']}")
    assert texts(answer.page, f".//li[@id='m-{mine}']//b")[0] == "Un ancien membre"
    assert texts(answer.page, ".//button[@aria-pressed]") == ["Merci : Un ancien membre"]
    assert "Ama<" not in answer.text
    assert client.get(f"/threads/{opened['thread']}").status_code == 404


def test_links_are_text_on_a_shared_device(client_of, cast, opened, say):
    say(cast.bruno, "Voir [l’annonce](https://example.org/a) ou https://example.org/b")
    path = f"/threads/{opened['thread']}"
    own, shared = client_of(cast.amina).get(path), client_of(cast.amina, shared=True).get(path)
    links = ".//div[@class='bubble']//a"
    assert [a.attrib for a in own.page.all(links)] == [
        {"href": f"https://example.org/{end}", "rel": "nofollow noopener noreferrer ugc"} for end in "ab"
    ]
    assert shared.page.all(links) == []
    assert bodies(shared.page)[1] == "Voir l’annonce (https://example.org/a) ou https://example.org/b"


def test_a_page_costs_the_same_for_one_and_for_many(client_of, cast, opened, say, queries):
    client, path, counts = client_of(cast.amina), f"/threads/{opened['thread']}", []
    for count in (1, 3):
        for _each in range(count):
            say(cast.bruno, reply_to=opened["message"])
        with queries() as asked:
            client.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20


@pytest.mark.parametrize("number", ["9" * 20, "-" + "9" * 20, "-1", "3.5", "²", ""])
def test_a_stretch_that_no_log_has(client_of, cast, opened, number):
    answer = client_of(cast.amina).get(f"/threads/{opened['thread']}?before={number}")
    assert answer.status_code == 200
