"""Four hundred names: what may be drawn, and what is never given again."""

import re
import tomllib

import pytest
from sqlalchemy.exc import IntegrityError

from app.clubs.founding import plants
from app.clubs.founding.kits import KITS
from app.clubs.founding.models import PlantHold
from app.clubs.founding.near import near_clubs, stems
from app.clubs.models import Club
from app.clubs.names import name_key
from app.config import ROOT
from app.core.db import constraint_of, db, transaction
from app.core.errors import DomainError
from tests.clubs.founding.conftest import drafted
from tests.support import factories as make
from tests.support.cast import Cast, make_person


def test_there_are_four_hundred_names_of_one_word() -> None:
    known = plants.plants()
    assert len(known) == 400
    assert len({name_key(name) for name in known.values()}) == 400
    assert [name for name in known.values() if not re.fullmatch(r"[^\W\d_]+(-[^\W\d_]+)?", name)] == []
    assert [slug for slug in known if not re.fullmatch(r"[a-z]+(-[a-z]+)?", slug) or len(slug) > 40] == []
    told = [tomllib.loads(path.read_text()) for path in sorted((ROOT / "app/demo/clubs").glob("*.toml"))]
    assert [club["plant"] for club in told if known.get(club["slug"]) != club["plant"]] == []


def test_there_is_a_starter_for_each_kind_of_group() -> None:
    assert len(KITS) == 13
    assert [kit.key for kit in KITS if not 4 <= len(kit.rules) <= 6] == []
    assert len({kit.key for kit in KITS}) == 13


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_exists_is_held_or_was_given_up_is_never_drawn(
    context: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {slug: plants.plants()[slug] for slug in ("tilleul", "romarin", "muguet", "trefle", "erable", "lierre")}
    monkeypatch.setattr(plants, "plants", lambda: few)
    with transaction():
        plants.retire("lierre")
    first = drafted(make_person("nina"))
    assert {held.slug for held in plants.held_for(proposal_id=first.id)} == {"muguet", "trefle", "erable"}
    with pytest.raises(DomainError) as refused:
        drafted(make_person("omar"))
    assert refused.value.code == "no_plant"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_draft_finds_its_three_names_again(context: None, cast: Cast) -> None:
    proposal = drafted(make_person("nina"))
    held = [each.slug for each in plants.held_for(proposal_id=proposal.id)]
    assert len(held) == 3
    with transaction():
        again = [each.slug for each in plants.draw_plants(proposal_id=proposal.id)]
    assert again == held


@pytest.mark.parametrize("what", ["club", "hold"])
def test_the_database_refuses_a_retired_address(context: None, cast: Cast, what: str) -> None:
    with transaction():
        plants.retire("lierre")
    with pytest.raises(IntegrityError) as refused, transaction():
        if what == "club":
            db.session.get_one(Club, cast.clubs["romarin"]).slug = "lierre"
        else:
            make.add(PlantHold(slug="lierre", plant="Lierre", club_id=cast.clubs["romarin"], held_at=make.now()))
        db.session.flush()
    assert "slug_retired" in constraint_of(refused.value) or "slug_retired" in str(refused.value)


def test_near_clubs_share_words_whatever_their_ending() -> None:
    def named(name: str, sentence: str = "") -> Club:
        return Club(name=name, sentence=sentence)

    clubs = [
        named("Créatrices d’entreprise", "On lance son affaire."),
        named("45 ans et plus", "On reprend confiance."),
        named("Artistes", "On vit de son art."),
    ]
    assert [club.name for club in near_clubs("Créateurs d’entreprises", "", clubs)] == ["Créatrices d’entreprise"]
    assert [club.name for club in near_clubs("Plus de 45 ans", "On cherche.", clubs)] == ["45 ans et plus"]
    assert near_clubs("Aidants", "On garde un travail quand on aide un proche.", clubs) == []
    assert stems("emploi") == stems("EMPLOIS")
