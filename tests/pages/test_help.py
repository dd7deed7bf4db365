"""The help page: who answers, and what is decided and said."""

from collections.abc import Callable

import pytest

from tests.support.cast import Cast
from tests.support.clients import PageClient


def test_help(visitor: PageClient, client_of: Callable[..., PageClient], cast: Cast) -> None:
    for client in (visitor, client_of(cast.amina), client_of(cast.denis)):
        page = client.get("/help").page
        assert (page.title, page.h1) == ("Aide – Maison du Canal", "Aide")
        assert "tel:+33100000000" in page.links
        assert "12, quai du Canal" in page.main


def test_where_and_when_keep_their_own_direction(visitor: PageClient, cast: Cast) -> None:
    """In Arabic "12, quai du Canal" would read ", quai du Canal 12"."""
    apart = [each.text for each in visitor.get("/help").page.all(".//bdi")]
    assert apart.count("12, quai du Canal") == 2
    assert "Lundi à vendredi : 10 h – 18 h 30" in [" ".join((text or "").split()) for text in apart]


@pytest.mark.parametrize(
    "said",
    [
        "Il n’y a pas de messages privés entre membres, et on ne peut chercher personne.",
        "Il n’y a pas de liste de présents, pas de « vu à », pas de « lu par ».",
        "Ce bouton ne vide pas l’historique du navigateur.",
        "Qui fournit Internet sait que vous avez ouvert ce site, pas ce que vous y avez lu.",
        "Votre façon d’écrire. Votre voix et votre visage, si vous venez sur place.",
    ],
)
def test_help_says_what_is_decided(visitor: PageClient, cast: Cast, said: str) -> None:
    assert said in visitor.get("/help").page.main


def test_help_of_an_empty_installation(visitor: PageClient) -> None:
    assert visitor.get("/help").page.h1 == "Aide"
