"""What waits because of reports: on the page of a club's leads, and at the desk of the team. No content, no name."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.clubs import parts
from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.facilitation.reports import queries, views
from app.houses import desk
from app.houses.desk import Case, address_of
from app.houses.models import House
from app.web.parts import Part


def reported_messages(actor: Actor, club: Club, membership: Membership) -> Part | None:
    """The messages that a lead may decide about; nothing when there are none."""
    cases = queries.reports_for(actor, club)
    shown = [views.case_shown(case) for case in cases]
    return Part("reports/_reported.html", {"reports": shown}, len(cases)) if cases else None


def reports_at_the_desk(actor: Actor, houses: Sequence[House]) -> list[Case]:
    """The reports that are the team's to decide. A contested one stands there as an objection."""
    ids = {house.id for house in houses}
    return [
        Case(
            urgency="now" if case.report.danger else "today",
            kind="brick",
            icon="flag",
            label=views.case_shown(case)["reason"],
            title=_("Un message signalé, %(club)s", club=plant_name(case.club)),
            text=_("Si vous l’ouvrez, c’est noté dans le journal du club."),
            since=case.report.made_at,
            href=address_of("reports.decide_report", report_id=case.report.id),
            action=_("Lire et décider"),
        )
        for case in queries.reports_for(actor)
        if case.club.house_id in ids and case.state != "contested"
    ]


def objections_at_the_desk(actor: Actor, houses: Sequence[House]) -> list[Case]:
    """The decisions that somebody contests, and that somebody else took."""
    ids = {house.id for house in houses}
    return [
        Case(
            urgency="today",
            kind="honey",
            icon="message-circle",
            label=_("Contestation"),
            title=_("Une décision contestée, %(club)s", club=plant_name(contest.club)),
            text=_("Si vous l’ouvrez, c’est noté dans le journal du club."),
            since=contest.objection.made_at,
            href=address_of("reports.answer_objection", objection_id=contest.objection.id),
            action=_("Lire et répondre"),
        )
        for contest in queries.objections_for(actor)
        if contest.club.house_id in ids
    ]


def stuck_objections_at_the_desk(actor: Actor, houses: Sequence[House]) -> list[Case]:
    """What one has decided oneself and somebody contests, where nobody else works: it waits for a second person."""
    slugs = {house.id: house.slug for house in houses}
    return [
        Case(
            urgency="",
            kind="honey",
            icon="message-circle",
            label=_("Contestation"),
            title=_("Une décision contestée, %(club)s", club=plant_name(contest.club)),
            text=_("Vous avez décidé, et vous êtes seul dans l’équipe : elle attend une deuxième personne."),
            since=contest.objection.made_at,
            href=address_of("team.list_team", slug=slugs[contest.club.house_id]),
            action=_("Voir l’équipe"),
        )
        for contest in queries.stuck_objections_for(actor)
        if contest.club.house_id in slugs
    ]


def register() -> None:
    """Put them where they are read."""
    parts.below.append(reported_messages)
    desk.waiting += [reports_at_the_desk, objections_at_the_desk, stuck_objections_at_the_desk]
