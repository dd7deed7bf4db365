"""Everything that is stored, in sentences: /privacy is drawn from here. A test fails for a table without a sentence.

Every time that the clock keeps is read from the rule that deletes (``lasts``), so that words and deeds cannot differ.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.retention import Lasting, rule_named


class lasts:
    """``12 mois``: how long a rule of the purge keeps things, in the language of who reads."""

    def __init__(self, rule: str) -> None:
        self.rule = rule

    def __str__(self) -> str:
        return in_words(rule_named(self.rule).lasts)


def in_words(time: Lasting) -> str:
    """``12 mois``, ``14 jours``; ``à la fin`` for what goes with what it is about."""
    if not (time.months or time.days):
        return str(_("à la fin"))
    if time.months:
        return str(ngettext("%(num)s mois", "%(num)s mois", time.months))
    return str(ngettext("%(num)s jour", "%(num)s jours", time.days))


@dataclass(frozen=True)
class Kept:
    """What is kept, how long, and who reads it. tables: where it lies. unreached: how long for who gave no address."""

    what: Any
    how_long: Any
    who: Any
    tables: tuple[str, ...]
    unreached: Any = None


NOBODY = _l("Personne")
CLUB = _l("Le club")
ME = _l("Vous")
TEAM = _l("L’équipe")
ALL = _l("Tout le monde")

# What leads to a person, through an account or a membership.
YOURS = (
    Kept(
        _l(
            "Votre adresse e-mail, scellée, et votre mot de passe, brouillé. La langue que vous lisez. "
            "Les dates de votre arrivée et de votre dernière visite."
        ),
        _l("%(time)s après votre dernière visite ; un e-mail vous prévient un mois avant", time=lasts("accounts:idle")),
        NOBODY,
        ("account",),
        _l(
            "%(time)s après votre dernière visite. Sans adresse e-mail, nous ne pouvons pas vous prévenir : "
            "une visite par an suffit",
            time=lasts("accounts:idle"),
        ),
    ),
    Kept(
        _l("Vos appareils ouverts et vos clés pour programmes. Rien de l’appareil lui-même."),
        _l(
            "90 jours sur un appareil à vous, 12 heures sur un appareil partagé, et %(time)s de plus au plus. "
            "Une clé : tant que vous la gardez",
            time=lasts("accounts:sessions"),
        ),
        ME,
        ("login_session", "token"),
    ),
    Kept(
        _l("Vos entrées et vos sorties : la minute, et comment. Rien de l’appareil."),
        lasts("accounts:passages"),
        ME,
        ("passage",),
    ),
    Kept(
        _l("L’adresse secrète de votre calendrier, brouillée, et le jour où vous l’avez faite."),
        _l("Jusqu’à ce que vous la fermiez"),
        NOBODY,
        ("calendar_key",),
    ),
    Kept(
        _l("Le code pour entrer, brouillé, et l’adresse où il part, scellée."),
        _l("10 minutes, puis %(time)s au plus", time=lasts("accounts:codes")),
        NOBODY,
        ("sign_in_code",),
    ),
    Kept(
        _l(
            "Les appareils qui vous reconnaissent : une clé publique, le nom que vous leur donnez, le jour. "
            "Pour l’équipe : le secret des numéros à usage unique, scellé, et les codes de secours, brouillés."
        ),
        _l("Jusqu’à ce que vous les enleviez"),
        ME,
        ("passkey", "one_time_number", "rescue_code"),
    ),
    Kept(
        _l("Une carte de l’accueil, si vous en avez une. Numéro et mots sont brouillés : seul le papier les dit."),
        _l("Tant que vous avez un compte"),
        NOBODY,
        ("card",),
    ),
    Kept(
        _l(
            "Ce que vous faites quand l’équipe vous aide à l’accueil : des mots comme « un message », et l’heure. "
            "Ni club, ni texte."
        ),
        _l("Une heure après la fin, le temps d’imprimer le reçu"),
        ME,
        ("assistance", "assisted_act"),
    ),
    Kept(
        _l("Pour l’équipe : les six lettres qui relient un écran, brouillées."),
        _l("10 minutes, puis une heure au plus"),
        NOBODY,
        ("pairing_code",),
    ),
    Kept(
        _l("Dans chaque club : le nom que vous y avez choisi, votre rôle, la date de votre accord."),
        _l(
            "Le nom : tant que vous y êtes ; le nom d’avant, 7 jours. La date : %(time)s après votre départ. "
            "Une demande sans réponse : %(unanswered)s",
            time=lasts("messaging:former"),
            unanswered=lasts("clubs:requests"),
        ),
        CLUB,
        ("membership",),
    ),
    Kept(
        _l(
            "Pour une soirée, si une personne accepte d’être connue de l’équipe : le nom qu’elle choisit pour cela, et "
            "qui l’a écrit."
        ),
        _l("%(time)s après la soirée ; tout de suite si la salle est rendue", time=lasts("rooms:keys")),
        _l("L’équipe de la maison"),
        ("key_holder",),
    ),
    Kept(
        _l("Vos discussions, vos messages, vos mots de réaction."),
        _l(
            "%(time)s, ou ce que le club a choisi, de 1 à 24 mois. Un message retiré perd son texte tout de suite. "
            "Un message signalé attend la décision",
            time=lasts("messaging:messages"),
        ),
        CLUB,
        ("thread", "message", "reaction"),
    ),
    Kept(
        _l("Jusqu’où vous avez lu chaque discussion."),
        _l("Tant que la discussion existe : %(time)s, ou ce que le club a choisi", time=lasts("messaging:threads")),
        ME,
        ("reading_mark",),
    ),
    Kept(
        _l("Les salles que vous avez réservées pour un club, et si vous venez à une rencontre."),
        _l(
            "La réservation : %(time)s après la rencontre. Votre réponse : %(answer)s après. "
            "L’endroit où elle est déplacée : jusqu’à la fin",
            time=lasts("rooms:claims"),
            answer=lasts("meetings:answers"),
        ),
        CLUB,
        ("claim", "claim_event", "claim_request", "meeting", "rsvp"),
    ),
    Kept(
        _l(
            "Le jour d’une rencontre : que vous êtes en route, ou en retard, sans heure ; et l’endroit où elle est "
            "déplacée."
        ),
        _l("Jusqu’à la fin de la rencontre"),
        _l("Un nombre, pour qui vient ; l’endroit, le club"),
        ("arrival",),
    ),
    Kept(
        _l(
            "Que vous étiez à une rencontre, si le club note les noms. Vous pouvez enlever le vôtre ; ce choix est "
            "gardé, et personne ne le lit."
        ),
        _l("%(time)s après la rencontre", time=lasts("attendance:names")),
        _l("Qui était au club ce jour-là"),
        ("attendee",),
    ),
    Kept(
        _l("Ce qu’il y a à faire dans un club : la phrase, le jour, et qui s’en charge."),
        _l("%(time)s, ou ce que le club a choisi, après le dernier changement", time=lasts("tasks:old")),
        CLUB,
        ("task",),
    ),
    Kept(
        _l("Les dates que vous proposez à un club, et celles qui vous vont. Pas l’heure de votre réponse."),
        _l("%(time)s après la fin des réponses", time=lasts("polls:over")),
        CLUB,
        ("poll", "poll_date", "poll_answer"),
    ),
    Kept(
        _l("Les questions que vous posez à un club pour décider, et vos réponses avec votre nom."),
        _l(
            "%(time)s après la fin, ou ce que le club a choisi pour ses messages ; une décision à revoir, jusque-là. "
            "Qui quitte le club avant la fin n’est plus compté",
            time=lasts("ballots:past"),
        ),
        CLUB,
        ("ballot", "ballot_voice"),
    ),
    Kept(
        _l(
            "Pour un vote sans nom : que vous avez voté, brouillé, et à part une seule somme, scellée. "
            "Rien ne lie un vote à une personne : nous ne pouvons ni le retrouver ni le retirer."
        ),
        _l("Jusqu’à la fin du vote"),
        NOBODY,
        ("ballot_voter", "ballot_box"),
    ),
    Kept(
        _l("Ce que vous écrivez dans les comptes rendus d’un club : toutes les versions, et les décisions notées."),
        _l("%(time)s, ou ce que le club a choisi, après la première version", time=lasts("minutes:old")),
        CLUB,
        ("minutes_version", "noted_decision"),
    ),
    Kept(
        _l("Ce que vous ajoutez au programme d’une rencontre, et ce que vous y apportez."),
        _l("%(time)s, ou ce que le club a choisi, après la rencontre", time=lasts("programme:points")),
        CLUB,
        ("agenda_point", "thing"),
    ),
    Kept(
        _l("L’adresse ou le lien d’une rencontre ailleurs ou en ligne, que vous avez écrits."),
        _l("%(time)s après la rencontre, ou jusqu’à votre départ", time=lasts("places:secrets")),
        _l("Qui vient, de 24 heures avant à 24 heures après"),
        ("meeting_place",),
    ),
    Kept(
        _l("Un message que vous signalez, vos raisons, et les messages que vous joignez."),
        _l("Tant que le message existe, et %(time)s au plus après la décision", time=lasts("facilitation:reports")),
        _l(
            "Les responsables que cela ne concerne pas, puis l’équipe. Les personnes y sont A, B, C. "
            "Votre nom : personne, sauf si vous le cochez"
        ),
        ("report", "reported_message"),
    ),
    Kept(
        _l("Ce qui est décidé à votre sujet, et ce que vous répondez."),
        _l("%(time)s, et jusqu’à la fin de la pause ou du retrait", time=lasts("facilitation:decisions")),
        _l("Vous, et qui décide"),
        ("decision", "objection"),
    ),
    Kept(
        _l("Une pause ou un retrait. Une empreinte y remplace votre nom : on ne peut pas la relire."),
        _l("Jusqu’à la fin de la pause ou du retrait, puis %(time)s au plus", time=lasts("clubs:pauses")),
        NOBODY,
        ("pause",),
    ),
    Kept(
        _l("Un rendez-vous de conseil : l’heure, et le nom que vous choisissez pour lui. Ni raison, ni club."),
        _l("%(time)s après le rendez-vous ; tout de suite si vous l’annulez", time=lasts("advice:past")),
        _l("Vous, et la personne qui conseille, qui lit ce nom. La maison ne voit qu’une place prise"),
        ("advice_booking",),
    ),
    Kept(
        _l("Si vous conseillez pour un partenaire : lequel, et le nom choisi pour cela."),
        _l("Tant que vous conseillez"),
        _l("L’équipe de la maison"),
        ("adviser",),
    ),
    Kept(
        _l("Les e-mails que vous voulez ou non, et à quelles heures."),
        _l("Tant que vous avez un compte"),
        ME,
        ("mail_choice",),
    ),
    Kept(
        _l("Un club que vous proposez, ou que vous soutenez : son texte, et le nom que vous y porterez."),
        _l("Un brouillon : %(time)s. Une proposition : jusqu’à la réponse de l’équipe", time=lasts("founding:drafts")),
        _l("Les trois personnes qui proposent, et l’équipe, qui ne voit pas les noms"),
        ("proposal", "backer"),
    ),
    Kept(
        _l(
            "Les invitations qu’une personne responsable a faites : le secret, brouillé, le jour, "
            "et combien de fois elles ont servi. Jamais à qui."
        ),
        _l("%(time)s au plus. Une invitation retirée part tout de suite", time=lasts("invitations:made")),
        _l("Les responsables du club"),
        ("invitation",),
    ),
    Kept(
        _l("Les sessions que vous demandez pour un club : leur nom, leurs dates, la réponse de l’équipe."),
        _l("%(time)s, et tant que la session dure", time=lasts("rooms:asked")),
        _l("Les responsables du club ; l’équipe, sans le nom de la session"),
        ("session_request",),
    ),
    Kept(
        _l("Les buts et le bilan d’une session, et si vous y participez."),
        _l("%(time)s après la dernière rencontre", time=lasts("rooms:claims")),
        CLUB,
        ("review_line", "session_goal", "session_seat"),
    ),
    Kept(
        _l("Les demandes d’aide des responsables à l’équipe, et leurs réponses."),
        _l("%(time)s après la fin, ou après un an de silence", time=lasts("facilitation:help")),
        _l("Les responsables du club et l’équipe"),
        ("help_request", "help_note"),
    ),
    Kept(
        _l("Pour l’équipe : où l’on travaille, sous quel nom, et les visites dans un club qui a invité."),
        _l("Tant que l’on travaille dans la maison ; la visite, %(time)s après", time=lasts("facilitation:visits")),
        _l("L’équipe, et le club visité"),
        ("staff_post", "visit"),
    ),
    Kept(
        _l("Quand l’équipe lit un club en urgence : qui l’a demandé, qui a dit oui, la raison, les dates."),
        _l("Tant que le club existe"),
        _l("L’équipe, et le club, sans le nom des deux personnes"),
        ("break_glass",),
    ),
    Kept(
        _l(
            "Vos entretiens d’essai, et quand vous écoutez : le moment, les noms choisis pour cela. "
            "Le numéro de téléphone, scellé, jusqu’à la fin."
        ),
        _l("%(time)s après la fin", time=lasts("practice:rehearsals")),
        _l("Les deux personnes ; les moments libres : tout le monde, sans nom"),
        ("rehearsal", "practice_offer"),
    ),
    Kept(
        _l("Ce que vous notez de vous avant et après un entretien. L’adresse pour le montrer, scellée, un jour."),
        _l("%(time)s, ou tant que vous le gardez", time=lasts("practice:grids")),
        _l("Vous ; qui a l’adresse, pendant 24 heures"),
        ("practice_grid",),
    ),
    Kept(
        _l("Les personnes avec qui vous ne voulez plus d’entretien d’essai."),
        _l("Jusqu’à ce que l’une des deux parte"),
        NOBODY,
        ("practice_refusal",),
    ),
    Kept(
        _l("L’archive d’un club : qui l’a demandée, et qui garde ses messages en dehors. Pas l’archive elle-même."),
        _l("7 jours d’annonce, puis %(time)s", time=lasts("archives:over")),
        _l("Les personnes responsables ; votre choix : vous seul"),
        ("club_archive", "archive_refusal"),
    ),
)  # fmt: skip
