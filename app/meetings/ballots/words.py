"""Ballots in plain words: ways, answers, rules, outcomes."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.meetings.ballots.models import Ballot
from app.meetings.ballots.rule import first_of, keys_of

WAY_NAMES: dict[str, Any] = {
    "sense": _l("Prendre la température"),
    "choice": _l("Choisir"),
    "consent": _l("Chercher un accord"),
    "lots": _l("Tirer au sort"),
}
WAY_HELP: dict[str, Any] = {
    "sense": _l("Pour, je ne sais pas, contre. Cela ne décide rien."),
    "choice": _l("De deux à huit choix."),
    "consent": _l("Une proposition tient si personne ne s’y oppose."),
    "lots": _l("Parmi les personnes qui veulent bien."),
}
WAY_ICONS = {"sense": "sun", "choice": "check", "consent": "users", "lots": "sparkles"}
# One sentence for each way, on its page from the beginning to the end.
RULES: dict[str, Any] = {
    "sense": _l("On compte les réponses. Elles ne décident rien : elles aident à parler."),
    "choice": _l("Le choix qui a le plus de voix est pris. À égalité, rien n’est décidé."),
    "consent": _l(
        "L’accord est trouvé si, à la fin, il ne reste aucune objection et au moins une personne est d’accord."
    ),
    "lots": _l(
        "Le sort met en ordre les personnes qui veulent bien ; les premières sont tirées. L’empreinte du nombre qui "
        "décide est montrée avant, le nombre après : personne ne peut le changer."
    ),
}
PICKS: dict[str, Any] = {
    "for": _l("Pour"),
    "unsure": _l("Je ne sais pas"),
    "against": _l("Contre"),
    "agree": _l("D’accord"),
    "aside": _l("Je laisse faire"),
    "objection": _l("Objection"),
    "in": _l("Je veux bien"),
}
PICK_HELP: dict[str, Any] = {
    "aside": _l("Pas pour moi, mais je n’empêche pas."),
    "objection": _l("Cela ferait du tort au club. Dites pourquoi, et ce qui irait à la place."),
}
OUTCOMES: dict[str, Any] = {
    "told": _l("La température est prise."),
    "tie": _l("Égalité : rien n’est décidé."),
    "reached": _l("L’accord est trouvé."),
    "objected": _l("Pas d’accord : il reste une objection."),
    "silent": _l("Rien n’est décidé : personne ne l’a demandé."),
    "few": _l("Moins de cinq votes : rien n’est montré, et rien n’est gardé."),
    "lost": _l("La clé secrète du site a changé : ce vote ne peut plus être compté. Posez la question de nouveau."),
}


def pick_words(ballot: Ballot) -> list[tuple[str, Any]]:
    """Each key of a ballot, with its words."""
    keys = keys_of(ballot.way, ballot.options)
    return list(zip(keys, ballot.options, strict=True)) if ballot.options else [(key, PICKS[key]) for key in keys]


def outcome_words(ballot: Ballot, drawn: Sequence[str] = ()) -> Any:
    """How it came out, in one sentence; the chosen option or the names of who was drawn stand in it."""
    if ballot.outcome == "chosen":
        words = dict(pick_words(ballot))
        return _("Choisi : %(option)s", option=words[first_of(ballot.counts or {})[0]])
    if ballot.outcome == "drawn":
        return _("Le sort a désigné : %(names)s", names=_(", ").join(drawn)) if drawn else _("Le tirage est fait.")
    return OUTCOMES.get(ballot.outcome or "", "")


def said_by(names: Sequence[str], number: int) -> str:
    """Who chose something, by name; whose who have left since are a number."""
    gone = number - len(names)
    more = [ngettext("%(num)s personne partie", "%(num)s personnes parties", gone)] if gone > 0 else []
    return str(_(", ")).join([*names, *more])
