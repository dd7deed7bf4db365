"""Somebody who proposes a club, two others, and what each of them says."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app.clubs.founding import actions, backing
from app.clubs.founding.actions import Idea, Rules
from app.clubs.founding.models import Proposal
from app.clubs.founding.plants import held_for
from app.clubs.founding.queries import code_of, own_proposal
from tests.support.cast import Cast, Person, make_person

IDEA = Idea("Aidants, garder un métier", "On garde un travail quand on aide un proche.", ["fr"], "here")
RULES = Rules("none", "on_request", "joining", "Ce qui est dit ici reste ici.\nOn se laisse parler.")


@pytest.fixture
def nina(app: Flask, cast: Cast) -> Person:
    """Who proposes."""
    with app.app_context():
        return make_person("nina")


@pytest.fixture
def omar(app: Flask, cast: Cast) -> Person:
    """The first who says yes."""
    with app.app_context():
        return make_person("omar")


@pytest.fixture
def pia(app: Flask, cast: Cast) -> Person:
    """The second who says yes."""
    with app.app_context():
        return make_person("pia")


def drafted(person: Person, door: str = "on_request", idea: Idea = IDEA) -> Proposal:
    """A draft that has come to its last step."""
    actions.found_club(person.actor, idea)
    proposal = actions.choose_door(person.actor, replace(RULES, door=door))
    plant = held_for(proposal_id=proposal.id)[0].slug
    return actions.choose_plant(person.actor, plant, "ring", "sage")


def code_for(person: Person) -> str:
    """What the founder reads on the page."""
    return code_of(own_proposal(person.actor))


@pytest.fixture
def sent(context: None, nina: Person, omar: Person, pia: Person) -> Callable[..., Proposal]:
    """``sent()``: the three of them send a proposal to the team; ``sent("discreet")``: for that door."""

    def send(door: str = "on_request") -> Proposal:
        drafted(nina, door)
        code = code_for(nina)
        backing.say_yes(omar.actor, code, "Omar")
        backing.say_yes(pia.actor, code.lower().replace("-", " "), "Pia")
        return actions.send_proposal(nina.actor, "Nina", "Le mardi soir ?")

    return send
