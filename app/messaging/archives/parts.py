"""What stands in the club for every member: an archive is asked for, or can be fetched."""

from datetime import timedelta
from math import ceil

from flask_babel import gettext as _
from flask_babel import ngettext

from app.clubs.models import Club
from app.clubs.pinned import Pinned, pinned
from app.core.clock import now
from app.messaging.archives.models import ClubArchive
from app.messaging.archives.queries import archive_of
from app.web.filters import day_long, wall

DAY = timedelta(days=1)


def days_left(archive: ClubArchive) -> int:
    """How many days one may still keep out; the last one counts."""
    return max(0, ceil((archive.opens_at - now()) / DAY)) if archive.opens_at else 0


def told(club: Club) -> list[Pinned]:
    archive = archive_of(club)
    if archive is None or (archive.until is not None and archive.until <= now()):
        return []
    read_on = {"link": _("Lire, et choisir"), "href": f"/archives/{archive.id}"}
    return [Pinned(lines(archive), kind="honey", icon="paperclip", **read_on)]


def lines(archive: ClubArchive) -> list[str]:
    if archive.opens_at is None:
        return [_("Une personne responsable demande l’archive du club. Il faut l’accord d’une autre.")]
    if not days_left(archive):
        return [_("L’archive du club est prête. Les personnes responsables peuvent la prendre.")]
    more = ngettext("Il reste %(num)s jour pour choisir.", "Il reste %(num)s jours pour choisir.", days_left(archive))
    opens = day_long(wall(archive.opens_at))
    return [
        _("Une archive du club se prépare pour le %(day)s. Vos messages peuvent rester en dehors.", day=opens),
        more,
    ]


pinned.append(told)
