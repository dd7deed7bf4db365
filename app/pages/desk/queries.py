"""The desk, for one of the team: what waits, this evening, the clubs, the clock; of their own houses alone."""

from dataclasses import dataclass

from app.core import jobs
from app.core.actor import Actor
from app.core.errors import NotFound
from app.houses.desk import Case, cases_for
from app.houses.models import House
from app.houses.queries import houses_of_staff, staff_name
from app.pages.desk.cues import clubs_of
from app.pages.desk.evening import EveningMeeting, evening_of
from app.pages.desk.health import ClubHealth, health_of
from app.pages.desk.policy import can_mend_jobs, can_open_desk


@dataclass(frozen=True)
class Desk:
    """Everything on the page. name: how the team calls the reader, if they chose a name."""

    name: str
    houses: list[House]
    cases: list[Case]
    evening: list[EveningMeeting]
    clubs: list[ClubHealth]
    clock: list[jobs.ClockState]
    parked: list[jobs.Parked]
    may_mend: bool

    @property
    def urgent(self) -> int:
        return sum(1 for case in self.cases if case.urgency == "now")

    @property
    def well(self) -> int:
        return sum(1 for line in self.clubs if line.state == "well")

    @property
    def late(self) -> bool:
        """Does the clock call for a look?"""
        return bool(self.parked) or any(each.late or each.failure for each in self.clock)


def desk_for(actor: Actor) -> Desk:
    """The desk of one of the team. Raises NotFound for others."""
    houses = houses_for(actor)
    return Desk(
        name=staff_name(actor.account_id),
        houses=houses,
        cases=cases_for(actor, houses),
        evening=evening_of(houses),
        clubs=health_of(houses, clubs_of(houses)),
        clock=jobs.clock_state(),
        parked=jobs.parked(),
        may_mend=can_mend_jobs(actor),
    )


def queue_for(actor: Actor) -> tuple[list[House], list[Case]]:
    """What waits, alone. Raises NotFound for others than the team."""
    houses = houses_for(actor)
    return houses, cases_for(actor, houses)


def evening_for(actor: Actor) -> tuple[list[House], list[EveningMeeting]]:
    """The evening's sheet. Raises NotFound for others than the team."""
    houses = houses_for(actor)
    return houses, evening_of(houses)


def houses_for(actor: Actor) -> list[House]:
    """Where one of the team works. Raises NotFound for others."""
    if not can_open_desk(actor):
        raise NotFound()
    return houses_of_staff(actor)
