"""The pages of clubs, without script."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE
from app.core.db import db, transaction
from app.houses.models import House
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient
from tests.support.factories import make_club
from tests.support.page import Page, text_of

CLIENT = Callable[..., PageClient]
JOIN = {"name": "Zoé", "consent": "y", "age": "y"}


def words(page: Page, path: str) -> list[str]:
    return [text_of(found) for found in page.all(path)]


def names_in(app: Flask, cast: Cast, slug: str) -> list[str | None]:
    with app.app_context():
        club = Membership.club_id == cast.clubs[slug]
        return sorted(db.session.scalars(select(Membership.name).where(club, ACTIVE)), key=str)


def bare(answer: Any) -> str:
    """The page without its token, which is never twice the same."""
    return re.sub(r'(name="csrf-token" content|name="csrf_token" value)="[^"]*"', "", answer.text)


# list_clubs


def test_list_clubs_for_a_visitor(visitor: PageClient, cast: Cast) -> None:
    page = visitor.get("/clubs").page
    assert page.title == "Clubs – Maison du Canal"
    assert words(page, ".//article//h2") == ["45 ans et plus", "Créatrices d’entreprise"]
    assert [link.get("href") for link in page.all(".//article//a")] == ["/clubs/tilleul", "/clubs/glycine"]
    assert words(page, ".//article[1]//li") == ["Entrée libre", "Sur place", "Français"]
    assert words(page, ".//article[2]//li") == ["Sur demande", "Sur place", "Français"]
    assert "Certaines rencontres sont ouvertes à tous." in page.main
    assert "Vous pouvez venir une fois" not in page.main


def test_list_clubs_shows_one_s_discreet_club_by_its_plant_name(client_of: CLIENT, cast: Cast) -> None:
    assert words(client_of(cast.amina).get("/clubs").page, ".//article//h2") == [
        "45 ans et plus",
        "Créatrices d’entreprise",
        "Club Romarin",
    ]
    assert len(words(client_of(cast.bruno).get("/clubs").page, ".//article//h2")) == 2
    assert len(words(client_of(cast.denis).get("/clubs").page, ".//article//h2")) == 2


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("", ["En ligne", "Espagnol", "45 ans et plus", "Créatrices d’entreprise"]),
        ("online", ["En ligne", "Espagnol"]),
        ("here", ["Espagnol", "45 ans et plus", "Créatrices d’entreprise"]),
        ("language", ["En ligne", "45 ans et plus", "Créatrices d’entreprise"]),
        ("tonight", []),
        ("nothing-we-know", ["En ligne", "Espagnol", "45 ans et plus", "Créatrices d’entreprise"]),
    ],
)
def test_list_clubs_narrowed(app: Flask, visitor: PageClient, cast: Cast, show: str, shown: list[str]) -> None:
    with app.app_context(), transaction():
        house = db.session.get_one(House, cast.houses["canal"])
        make_club("houx", house, name="En ligne", format="online")
        make_club("sureau", house, name="Espagnol", format="both", languages=["es", "pt"])
    page = visitor.get("/clubs", query_string={"show": show}).page
    assert sorted(words(page, ".//article//h2")) == sorted(shown)
    current = [text_of(link) for link in page.all(".//main//nav//a") if link.get("aria-current")]
    assert len(current) == 1


def test_list_clubs_answers_with_one_block(visitor: PageClient, cast: Cast) -> None:
    answer = visitor.get("/clubs", headers={"X-Fragment": "club-list"})
    assert answer.text.startswith('<section id="club-list"')
    assert "X-Fragment" in answer.vary
    whole = visitor.get("/clubs", headers={"X-Fragment": "no-such-block"})
    assert whole.page.whole


def test_list_clubs_asks_as_much_for_one_as_for_many(
    app: Flask, visitor: PageClient, cast: Cast, queries: Callable[[], Any]
) -> None:
    def asked() -> int:
        with queries() as found:
            visitor.get("/clubs")
        return len(found)

    before = asked()
    with app.app_context(), transaction():
        house = db.session.get_one(House, cast.houses["canal"])
        for slug in ("houx", "sureau", "ginkgo"):
            make_club(slug, house)
    assert asked() == before


# join_club


def test_join_club(app: Flask, client_of: CLIENT, cast: Cast, zoe: Person) -> None:
    client = client_of(zoe)
    page = client.get("/clubs/tilleul/join").page
    assert page.title == "Entrer – Club Tilleul – Maison du Canal"
    name = page.by_id("name")
    assert name is not None
    assert (name.get("value"), name.get("autocomplete")) == ("", "off")
    answer = client.submit("/clubs/tilleul/join", JOIN)
    assert (answer.status_code, answer.location) == (303, "/clubs/tilleul")
    assert names_in(app, cast, "tilleul") == ["Ama", "Bruno", "Zoé"]
    assert "Vous êtes dans le club." in client.get("/clubs/tilleul").page.main
    assert client.get("/clubs/tilleul/join").location == "/clubs/tilleul"


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"name": " "}, 422, "Écrivez le nom que le club verra."),
        ({"consent": None}, 422, "Cochez « Oui, j’accepte » pour entrer."),
        ({"age": None}, 422, "Cochez « J’ai 15 ans ou plus » pour entrer."),
        ({"name": "amà"}, 409, "Quelqu’un porte déjà ce nom dans le club, ou presque. Prenez-en un autre."),
        ({"name": "L’équipe"}, 422, "Ce mot est gardé pour un rôle. Choisissez un autre nom."),
        ({"name": "Zoé\u200b"}, 422, "Ce nom a un signe invisible. Écrivez-le à nouveau, sans copier."),
        ({"name": "x" * 41}, 422, "Ce nom est trop long : 40 signes au plus."),
        ({"consent_version": "2020-01"}, 409, "Le texte de l’accord a changé. Relisez-le."),
    ],
)
def test_join_club_says_what_to_correct_and_keeps_what_was_typed(
    app: Flask, client_of: CLIENT, cast: Cast, zoe: Person, change: dict[str, str | None], status: int, said: str
) -> None:
    client = client_of(zoe)
    fields = {name: value for name, value in {**JOIN, **change}.items() if value is not None}
    answer = client.submit("/clubs/tilleul/join", fields)
    assert answer.status_code == status
    assert answer.page.title == "Erreur : Entrer – Club Tilleul – Maison du Canal"
    assert words(answer.page, ".//div[@role='alert']//li") == [said]
    typed = answer.page.form().fields
    assert typed["name"] == fields["name"]
    assert typed["consent_version"] != "2020-01"
    assert names_in(app, cast, "tilleul") == ["Ama", "Bruno"]


def test_join_club_on_request_then_take_it_back(app: Flask, client_of: CLIENT, cast: Cast, zoe: Person) -> None:
    client = client_of(zoe)
    assert client.get("/clubs/glycine/join").page.h1 == "Demander à entrer dans le club « Créatrices d’entreprise »"
    assert client.submit("/clubs/glycine/join", {**JOIN, "sentence": "Je couds."}).location == "/clubs/glycine"
    page = client.get("/clubs/glycine").page
    assert "Votre demande attend une réponse du club." in page.main
    assert "/clubs/glycine/join" not in page.links
    answer = client.submit("/clubs/glycine", action="/clubs/glycine/requests/withdraw")
    assert answer.location == "/clubs/glycine"
    assert "/clubs/glycine/join" in client.get("/clubs/glycine").page.links


def test_join_club_needs_an_account(visitor: PageClient, cast: Cast) -> None:
    answer = visitor.get("/clubs/tilleul/join")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/clubs/tilleul/join")


def test_join_club_is_not_for_staff(client_of: CLIENT, cast: Cast) -> None:
    client = client_of(cast.denis)
    assert client.get("/clubs/tilleul/join").status_code == 403
    assert client.send("/clubs/tilleul/join", JOIN, on="").status_code == 403
    assert "/clubs/tilleul/join" not in client.get("/clubs/tilleul").page.links


# What is not yours does not exist


def test_a_discreet_club_answers_as_what_does_not_exist(
    client_of: CLIENT, visitor: PageClient, cast: Cast, zoe: Person
) -> None:
    for client in (visitor, client_of(zoe), client_of(cast.bruno), client_of(cast.denis)):
        client.get("/help")  # the first page of all sets the cookie
        real, unreal = client.get("/clubs/romarin"), client.get("/clubs/nowhere")
        assert (real.status_code, bare(real)) == (404, bare(unreal))
        assert sorted(real.headers.keys()) == sorted(unreal.headers.keys())
        assert bare(real) == bare(client.get("/nowhere"))


@pytest.mark.parametrize("page", ["join", "leave", "name", "requests", "members"])
def test_pages_of_a_club_that_is_not_yours(client_of: CLIENT, cast: Cast, zoe: Person, page: str) -> None:
    for stranger in (zoe, cast.chloe, cast.denis):
        client = client_of(stranger)
        hidden, unreal = client.get(f"/clubs/romarin/{page}"), client.get(f"/clubs/nowhere/{page}")
        assert (hidden.status_code, bare(hidden)) == (404, bare(unreal))
        if page != "join":
            assert client.get(f"/clubs/tilleul/{page}").status_code == 404


# leave_club


def test_leave_club(app: Flask, client_of: CLIENT, cast: Cast) -> None:
    client = client_of(cast.amina)
    assert client.get("/clubs/tilleul/leave").page.h1 == "Quitter ce club"
    assert names_in(app, cast, "tilleul") == ["Ama", "Bruno"]
    answer = client.submit("/clubs/tilleul/leave")
    assert (answer.status_code, answer.location) == (303, "/")
    assert names_in(app, cast, "tilleul") == ["Bruno"]
    assert "Vous avez quitté le club." in client.get("/").page.main


def test_leave_club_as_the_last_lead_leads_to_the_members(client_of: CLIENT, cast: Cast) -> None:
    answer = client_of(cast.bruno).submit("/clubs/tilleul/leave")
    assert answer.status_code == 409
    assert answer.page.title == "Erreur : Quitter – Club Tilleul – Maison du Canal"
    (link,) = answer.page.all(".//div[@role='alert']//a")
    assert (link.get("href"), text_of(link)) == (
        "/clubs/tilleul/members",
        "Vous êtes la seule personne responsable. Nommez d’abord quelqu’un d’autre.",
    )


# rename


def test_rename(app: Flask, client_of: CLIENT, cast: Cast) -> None:
    client = client_of(cast.amina)
    form = client.get("/clubs/tilleul/name").page.form()
    assert form.fields["name"] == ""
    assert client.submit("/clubs/tilleul/name", {"name": "Amy"}).location == "/clubs/tilleul"
    assert names_in(app, cast, "tilleul") == ["Amy", "Bruno"]
    shown = client_of(cast.bruno).get("/clubs/tilleul/members").page
    assert "s’appelait Ama" in shown.main


@pytest.mark.parametrize(("name", "status"), [("", 422), ("BRUNO", 409), ("Admin", 422)])
def test_rename_refused(app: Flask, client_of: CLIENT, cast: Cast, name: str, status: int) -> None:
    answer = client_of(cast.amina).submit("/clubs/tilleul/name", {"name": name})
    assert (answer.status_code, answer.page.form().fields["name"]) == (status, name)
    assert names_in(app, cast, "tilleul") == ["Ama", "Bruno"]


# list_requests, decide_request


def test_decide_request(app: Flask, client_of: CLIENT, cast: Cast, zoe: Person, ask: Callable[..., None]) -> None:
    with app.app_context():
        luz = make_person("luz")
    ask(zoe)
    ask(luz, name="Luz", sentence="")
    client = client_of(cast.chloe)
    page = client.get("/clubs/glycine/requests").page
    assert words(page, ".//li//h3") == ["Zoé", "Luz"]
    assert words(page, ".//li[@class='case']/p[2]") == ["« Je couds. »", "Sans phrase."]
    first, second = [form.action for form in page.forms() if "/requests/" in form.action]
    assert client.send(first, {"accept": "yes"}, on="").location == "/clubs/glycine/requests"
    assert client.send(second, {"accept": "no"}, on="").location == "/clubs/glycine/requests"
    assert names_in(app, cast, "glycine") == ["Chloé", "Zoé"]
    after = client.get("/clubs/glycine/requests").page
    assert "Personne n’attend." in after.main
    assert client.send(first, {"accept": "no"}, on="").status_code == 404
    assert client.send(first, {"accept": "perhaps"}, on="").status_code == 404


def test_a_refusal_is_asked_before_it_is_done(
    app: Flask, client_of: CLIENT, cast: Cast, zoe: Person, ask: Callable[..., None]
) -> None:
    ask(zoe)
    client = client_of(cast.chloe)
    page = client.get("/clubs/glycine/requests").page
    (refuse,) = [link for link in page.links if link.endswith("/refuse")]
    asked = client.get(refuse).page
    assert asked.h1 == "Refuser la demande de Zoé ?"
    assert words(client.get("/clubs/glycine/requests").page, ".//li//h3") == ["Zoé"]
    assert client.submit(refuse, {"accept": "no"}).location == "/clubs/glycine/requests"
    assert "Personne n’attend." in client.get("/clubs/glycine/requests").page.main
    assert client.get(refuse).status_code == 404
    assert client_of(cast.bruno).get(refuse).status_code == 404


def test_list_requests_is_for_leads(client_of: CLIENT, cast: Cast) -> None:
    assert client_of(cast.bruno).get("/clubs/tilleul/requests").status_code == 200
    assert client_of(cast.amina).get("/clubs/tilleul/requests").status_code == 403


def test_list_requests_asks_as_much_for_one_as_for_many(
    app: Flask, client_of: CLIENT, api_of: Any, cast: Cast, ask: Callable[..., None], queries: Callable[[], Any]
) -> None:
    lead, program, path, counts = client_of(cast.chloe), api_of(cast.chloe), "/clubs/glycine/requests", []
    for names in (("Lou",), ("Luz", "Nour")):
        for name in names:
            with app.app_context():
                person = make_person(name.lower())
            ask(person, name=name)
        lead.get(path)
        with queries() as asked:
            shown = len(words(lead.get(path).page, ".//li//h3"))
            listed = len(program.get(path).json["items"])
        assert (shown, listed) == (2 * len(names) - 1, 2 * len(names) - 1)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_list_requests_answers_with_one_block(client_of: CLIENT, cast: Cast) -> None:
    answer = client_of(cast.chloe).get("/clubs/glycine/requests", headers={"X-Fragment": "requests"})
    assert answer.text.startswith('<section id="requests"')


# list_members, set_role


def test_list_members_shows_names_to_members(client_of: CLIENT, cast: Cast) -> None:
    page = client_of(cast.amina).get("/clubs/tilleul/members").page
    assert words(page, ".//li//h2") == ["Bruno", "Ama (vous)"]
    assert [form.action for form in page.forms() if "/members" in form.action] == []


def test_set_role(app: Flask, client_of: CLIENT, cast: Cast) -> None:
    client = client_of(cast.bruno)
    fields = {"membership": cast.amina.memberships["tilleul"], "role": "lead"}
    answer = client.send("/clubs/tilleul/members", fields)
    assert (answer.status_code, answer.location) == (303, "/clubs/tilleul/members")
    assert "C’est fait : une personne responsable de plus." in client.get("/clubs/tilleul/members").page.main
    assert client_of(cast.amina).get("/clubs/tilleul/requests").status_code == 200


def test_naming_a_lead_is_asked_before_it_is_done(client_of: CLIENT, cast: Cast) -> None:
    client = client_of(cast.bruno)

    def path_of(who: str) -> str:
        links = client.get("/clubs/tilleul/members").page.all(f".//a[span=' {who}']")
        (link,) = (link for link in links if str(link.get("href")).endswith("/role"))
        return str(link.get("href"))

    assert client.get(path_of("Ama")).page.h1 == "Nommer Ama responsable ?"
    assert client.submit(path_of("Ama"), {"role": "lead"}).location == "/clubs/tilleul/members"
    assert client.get(path_of("Ama")).page.h1 == "Ama ne mène plus le club ?"
    assert client_of(cast.amina).get("/clubs/tilleul/requests").status_code == 200
    client.submit(path_of("Ama"), {"role": "member"})
    assert client_of(cast.amina).get("/clubs/tilleul/requests").status_code == 403
    assert client_of(cast.amina).get(path_of("Ama")).status_code == 403
    foreign = f"/clubs/tilleul/members/{cast.chloe.memberships['glycine']}/role"
    assert client.get(foreign).status_code == 404


def test_set_role_of_the_last_lead_says_why_not(client_of: CLIENT, cast: Cast) -> None:
    client = client_of(cast.bruno)
    fields = {"membership": cast.bruno.memberships["tilleul"], "role": "member"}
    assert client.send("/clubs/tilleul/members", fields).status_code == 303
    assert "Vous êtes la seule personne responsable." in client.get("/clubs/tilleul/members").page.main


def test_set_role_is_for_leads(client_of: CLIENT, cast: Cast) -> None:
    fields = {"membership": cast.bruno.memberships["tilleul"], "role": "member"}
    assert client_of(cast.amina).send("/clubs/tilleul/members", fields).status_code == 403
    assert client_of(cast.chloe).send("/clubs/tilleul/members", fields, on="").status_code == 404


def test_members_page_asks_as_much_for_one_as_for_many(
    app: Flask, client_of: CLIENT, cast: Cast, queries: Callable[[], Any]
) -> None:
    client = client_of(cast.bruno)

    def asked() -> int:
        with queries() as found:
            client.get("/clubs/tilleul/members")
        return len(found)

    client.get("/clubs/tilleul/members")
    before = asked()
    with app.app_context():
        for name in ("Un", "Deux", "Trois"):
            make_person(name.lower(), tilleul=name)
        db.session.get_one(Club, cast.clubs["tilleul"])
    assert asked() == before
