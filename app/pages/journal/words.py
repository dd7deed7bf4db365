"""Each act of the journal in plain words. A test finds every act that the code notes and fails on one without words."""

from datetime import datetime
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.clock import now
from app.facilitation.break_glass.words import GROUNDS
from app.facilitation.decisions import RULES, rule_words
from app.houses.models import JournalEntry
from app.web.filters import date_locale, day_long, first, hm, upper_first, wall

# An act that the code notes no more keeps its words: its entries stay.
WORDS: dict[str, Any] = {
    "report:opened": _l("Un message signalé est lu, avec ceux qui sont joints."),
    "decision:keep": _l("Un message signalé reste en place."),
    "decision:hide": _l("Un message est caché."),
    "decision:restore": _l("Un message caché est de nouveau visible."),
    "decision:pause": _l("Un membre est mis en pause."),
    "decision:remove": _l("Un membre est retiré du club."),
    "message:restored": _l("Un message caché est de nouveau visible : le temps est écoulé."),
    "pause:ended": _l("Une pause finit plus tôt que prévu."),
    "objection:made": _l("Une décision est contestée."),
    "objection:opened": _l("Une contestation est lue."),
    "objection:upheld": _l("Une décision contestée reste."),
    "objection:overruled": _l("Une décision contestée est défaite."),
    "club:founded": _l("Le club est fondé."),
    "door:changed": _l("La porte du club change."),
    "proposal:put-off": _l("Un club proposé attend : l’équipe a dit pourquoi."),
    "card:printed": _l("Une carte est imprimée à l’accueil."),
    "card:reprinted": _l("Une carte est imprimée de nouveau : les mots d’avant ne marchent plus."),
    "account:locked": _l("Un compte est bloqué, s’il existe : plus personne n’y entre."),
    "account:unlocked": _l("Un compte est débloqué, s’il existe."),
    "assisted:began": _l("Une personne est aidée à l’accueil, pour 30 minutes au plus."),
    "assisted:ended": _l("L’aide à l’accueil est finie."),
    "house:opened": _l("La maison est ouverte."),
    "house:link_set": _l("L’adresse des rencontres en ligne est changée."),
    "house:changed": _l("Une fiche de maison est changée."),
    "calendar:brought": _l("Un calendrier est importé dans une salle : ses moments sont occupés."),
    "calendar:undone": _l("Un calendrier importé est défait."),
    "device:offered": _l("Des lettres sont montrées pour relier un écran."),
    "device:paired": _l("Un écran est relié à la maison."),
    "device:unpaired": _l("Un écran n’est plus relié à la maison."),
    "call:answered": _l("Une personne de l’équipe répond à l’appel d’une borne."),
    "staff:invited": _l("Une personne est invitée dans l’équipe."),
    "staff:renamed": _l("Une personne de l’équipe change de nom de travail."),
    "staff:role": _l("Une personne de l’équipe change de rôle."),
    "staff:proofs-reset": _l("La deuxième étape d’une personne de l’équipe est remise à zéro."),
    "staff:removed": _l("Une personne quitte l’équipe."),
    "room:added": _l("Une salle est ajoutée."),
    "room:changed": _l("Une salle est changée."),
    "room:closed": _l("Une salle n’est plus prêtée."),
    "windows:opened": _l("Des heures de salle sont ouvertes."),
    "windows:changed": _l("Des heures de salle sont changées."),
    "windows:removed": _l("Des heures de salle sont retirées."),
    "day:opened": _l("Une ouverture de plus est notée."),
    "closure:made": _l("Une fermeture est notée."),
    "closure:lifted": _l("Une fermeture est levée."),
    "evening:conditioned": _l("Une soirée ouvre seulement si assez de clubs viennent."),
    "evening:lifted": _l("Une soirée ouvre finalement sans condition."),
    "evening:opened": _l("Une soirée ouvre : assez de clubs viennent."),
    "evening:dropped": _l("Une soirée n’ouvre pas : pas assez de clubs."),
    "evening:hoped": _l("Une soirée que le club attendait n’ouvre pas : pas assez de clubs."),
    "claim:moved": _l("Une rencontre est déplacée : la salle ferme."),
    "claim:cancelled": _l("Une rencontre est annulée : la salle ferme."),
    "claim:checked-in": _l("L’équipe note que le club est là."),
    "claim:unused": _l("Une salle est rendue : personne n’a dit être là."),
    "claim:taken-back": _l("Une salle rendue est de nouveau au club : il était là."),
    "claim:desk-claimed": _l("L’accueil réserve une salle, à la demande du club."),
    "claim:desk-released": _l("L’accueil rend une salle, à la demande du club."),
    "claim:desk-asked": _l("L’accueil propose un échange de salles, à la demande du club."),
    "claim:desk-answered": _l("L’accueil répond à un échange de salles, à la demande du club."),
    "claim:told": _l("Le club est prévenu d’une fermeture."),
    "split:declared": _l("Deux clubs, dont l’un vient de l’autre, tirent au sort ensemble pendant douze semaines."),
    "draw:typed": _l("L’équipe recopie les souhaits du club pour un tirage, d’après une feuille."),
    "session:granted": _l("Une session est accordée au club."),
    "session:refused": _l("Une session n’est pas accordée : l’équipe a dit pourquoi."),
    "practice:offered": _l("Une personne de l’équipe offre du temps pour essayer un entretien."),
    "archive:asked": _l("L’archive du club est demandée."),
    "archive:confirmed": _l("Une autre personne responsable dit oui à l’archive du club."),
    "archive:cancelled": _l("L’archive du club n’est plus demandée."),
    "archive:fetched": _l("L’archive du club est prise par une personne responsable."),
    "attendance:named": _l("Le club choisit de noter les noms de qui était à une rencontre."),
    "attendance:counted": _l("Le club choisit de ne plus noter de noms : ceux qui l’étaient sont effacés."),
    "keeping:chosen": _l("Le club choisit combien de temps vivent ses messages."),
    "visit:invited": _l("Une personne de l’équipe est invitée pour une visite."),
    "visit:withdrawn": _l("Une invitation à une visite est retirée."),
    "visit:declined": _l("Une invitation à une visite est refusée."),
    "visit:began": _l("Une visite de l’équipe commence."),
    "visit:ended": _l("Une visite de l’équipe est finie."),
    "break-glass:asked": _l("Une personne de l’équipe demande à lire un club en urgence."),
    "break-glass:withdrawn": _l("Une demande de lire un club en urgence est retirée."),
    "break-glass:declined": _l("Une demande de lire un club en urgence est refusée."),
    "break-glass:began": _l("Deux personnes de l’équipe ouvrent un club à la lecture, en urgence."),
    "break-glass:read": _l("Le club ouvert en urgence est lu."),
    "break-glass:ended": _l("La lecture en urgence est finie."),
    "break-glass:told": _l("Le club apprend qu’il a été ouvert à la lecture, en urgence."),
    "token:made": _l("La maison fait une clé pour un compte, à la place de la personne."),
    "invitation:asked": _l("L’accueil demande au club une invitation, pour quelqu’un."),
    "invitation:given": _l("Le club donne un mot à l’accueil."),
    "invitation:declined": _l("Le club ne donne pas de mot à l’accueil."),
    "invitation:handed": _l("L’accueil a remis le mot."),
    "invitation:closed": _l("L’accueil ferme une demande d’invitation."),
    "partner:added": _l("Un partenaire est ajouté."),
    "partner:changed": _l("Ce qui est dit d’un partenaire change."),
    "partner:hidden": _l("Un partenaire est caché."),
    "partner:shown": _l("Un partenaire est affiché de nouveau."),
    "adviser:invited": _l("Un code est fait pour une personne qui conseille."),
    "adviser:added": _l("Une personne commence à conseiller pour un partenaire."),
    "adviser:removed": _l("Une personne ne conseille plus pour un partenaire."),
    "advice:published": _l("Des heures de conseil sont publiées."),
    "advice:cancelled": _l("Une heure de conseil est annulée."),
    "advice:slip": _l("L’accueil réserve une heure de conseil, sur papier."),
    "advice:slip-ended": _l("L’accueil annule une heure de conseil, avec son bon."),
    "shelf:added": _l("Une ressource est ajoutée."),
    "shelf:changed": _l("Une ressource change."),
    "shelf:accepted": _l("Une ressource proposée est gardée."),
    "shelf:declined": _l("Une ressource proposée n’est pas gardée."),
    "shelf:shown": _l("Une ressource est affichée de nouveau."),
    "shelf:hidden": _l("Une ressource est cachée."),
    "shelf:removed": _l("Une ressource cachée est effacée."),
    "shelf:checked": _l("Une ressource est vérifiée."),
    "help:asked": _l("De l’aide est demandée à l’équipe."),
    "help:taken": _l("Une personne de l’équipe s’occupe d’une demande d’aide."),
    "help:closed": _l("Une demande d’aide est close."),
    "text:changed": _l("Un texte de la maison est changé."),
    "contact:changed": _l("Qui répond du site est changé."),
    "job:retried": _l("Une tâche en panne est essayée de nouveau."),
    "job:dropped": _l("Une tâche en panne est effacée."),
}
WHO: dict[str, Any] = {
    "lead": _l("Une personne responsable"),
    "member": _l("Un membre"),
    "facilitator": _l("L’équipe"),
    "manager": _l("L’équipe"),
    "house": _l("La maison, toute seule"),
}


def act_in_words(entry: JournalEntry) -> str:
    """What was done, in one sentence; an act that is not known any more is said as such."""
    return str(WORDS.get(entry.act, _("Un acte d’autrefois.")))


def facts_in_words(entry: JournalEntry, *, inside: bool) -> list[str]:
    """Which rule, until when. inside: does the reader belong to the club, or is it about them?

    A rule in words may tell what a club is about: the team reads the three rules of the house alone.
    """
    rule, until = entry.facts.get("rule"), entry.facts.get("until")
    said = [str(GROUNDS[entry.facts["ground"]])] if entry.facts.get("ground") in GROUNDS else []
    if isinstance(rule, str) and (inside or rule in RULES):
        said.append(_("Règle : %(rule)s.", rule=rule_words(rule)))
    if isinstance(until, str):
        moment = datetime.fromisoformat(until)
        said.append(_("Jusqu’au %(day)s, %(time)s.", day=_day(moment), time=hm(moment)))
    return said


def moment_in_words(moment: datetime) -> str:
    """Day and minute; the year too, once it is over."""
    return upper_first(_("%(day)s, %(time)s", day=_day(moment), time=hm(moment)))


def _day(moment: datetime) -> str:
    here = wall(moment)
    if here.year == wall(now()).year:
        return day_long(here)
    return first(str(format_date(here.date(), "full", locale=date_locale())))
