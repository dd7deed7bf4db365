"""What a manager does about a job that was given up."""

from collections.abc import Callable

from app.core import jobs
from app.core.actor import Actor
from app.core.db import transaction
from app.core.errors import NotAllowed, NotFound
from app.houses.journal import note
from app.houses.queries import houses_of_staff
from app.pages.desk.policy import can_mend_jobs, can_open_desk


def retry_job(actor: Actor, job_id: str) -> None:
    """A manager tries a job again, from its beginning."""
    with transaction():
        kind = _mend(actor, job_id, jobs.retry)
        note("job:retried", actor, house_id=_house_of(actor), kind=kind)


def drop_job(actor: Actor, job_id: str) -> None:
    """A manager throws a job away: what it was to do is not done."""
    with transaction():
        kind = _mend(actor, job_id, jobs.drop)
        note("job:dropped", actor, house_id=_house_of(actor), kind=kind)


def parked_job_for(actor: Actor, job_id: str) -> jobs.Parked:
    """A job that was given up, for who may mend it. Raises NotFound, NotAllowed."""
    if not can_open_desk(actor):
        raise NotFound()
    if not can_mend_jobs(actor):
        raise NotAllowed()
    found = next((each for each in jobs.parked() if each.id == job_id), None)
    if found is None:
        raise NotFound()
    return found


def _mend(actor: Actor, job_id: str, how: Callable[[str], None]) -> str:
    kind = parked_job_for(actor, job_id).kind
    how(job_id)
    return kind


def _house_of(actor: Actor) -> str | None:
    return next((house.id for house in houses_of_staff(actor)), None)
