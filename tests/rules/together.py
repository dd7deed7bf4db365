"""What a club does together: what there is to do, dates to choose, minutes, what was decided."""

from datetime import UTC, datetime, time, timedelta

from app.core.clock import now
from app.meetings.minutes.actions import pick_decision, write_minutes
from app.meetings.polls.actions import open_poll
from app.meetings.polls.queries import poll_for
from app.meetings.polls.wishes import Proposal, Wish
from app.meetings.programme.actions import add_point, ask_thing
from app.meetings.tasks.actions import finish_task, make_task
from tests.support.cast import Cast


def plan(cast: Cast, begun: str) -> dict[str, str]:
    """The ids that the rows about planning name: all of it is Bruno's, in Tilleul."""
    bruno, mine = cast.bruno.actor, cast.bruno.memberships["tilleul"]
    done = make_task(bruno, "tilleul", "Ouvrir la salle", mine).id
    finish_task(bruno, done)
    write_minutes(bruno, begun, 0, "On garde le mardi\nRappeler la mairie")
    points = [add_point(bruno, begun, f"Point {number}", 10).id for number in range(3)]
    return {
        "point": points[1],
        "thing": ask_thing(bruno, begun, "Des gâteaux", mine=True).id,
        "free_thing": ask_thing(bruno, begun, "Du café").id,
        "decided": pick_decision(bruno, begun, 1, 0).id,
        "task": make_task(bruno, "tilleul", "Imprimer l’affiche", mine).id,
        "free_task": make_task(bruno, "tilleul", "Apporter les chaises").id,
        "done_task": done,
        **propose(cast),
    }


def propose(cast: Cast) -> dict[str, str]:
    """Two dates online in a week, answered until the day before; and the days that a form may say."""
    day = now().date() + timedelta(days=7)
    hours = [datetime.combine(day, time(hour), UTC) for hour in (9, 10, 14, 15)]
    wishes = [Wish("online", start=hours[n], end=hours[n + 1]) for n in (0, 2)]
    poll = open_poll(cast.bruno.actor, "tilleul", Proposal("Une visite", hours[0] - timedelta(days=1), wishes))
    first = poll_for(cast.bruno.actor, poll.id).moments[0]
    days = {"poll_day": day.isoformat(), "poll_end": (day - timedelta(days=1)).isoformat()}
    return {"poll": poll.id, "poll_date": first.id, **days}
