"""The clock and the jobs that were given up, in words. A test finds every one that the code declares."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.jobs import Parked

CLOCK: dict[str, Any] = {
    "core:jobs_in_time": _l("Remettre les tâches à l’heure"),
    "core:lost_workers": _l("Mettre de côté les tâches qui échouent"),
    "accounts:purge": _l("Effacer les sessions et les codes finis"),
    "proofs:purge": _l("Effacer ce qu’aucun appareil n’est venu signer"),
    "advice:freed": _l("Dire aux partenaires quelles heures sont de nouveau libres"),
    "accounts:digests": _l("Envoyer le résumé du jour"),
    "invitations:purge": _l("Effacer les invitations finies"),
    "meetings:places": _l("Proposer plus loin les places que personne n’a prises"),
    "places:forget": _l("Effacer les adresses des rencontres passées"),
    "today:forget": _l("Effacer ce qui était dit d’une rencontre le jour même"),
    "meetings:remind": _l("Rappeler une rencontre la veille"),
    "break_glass:watch": _l("Dire aux clubs qui a lu, et quand c’est fini"),
    "accounts:quiet": _l("Fermer les sessions où personne ne bouge plus"),
    "devices:purge": _l("Effacer les lettres et les appels finis des écrans"),
    "desk:look_at_clubs": _l("Regarder comment vont les clubs"),
    "leaving:warn-idle": _l("Prévenir qui ne vient plus depuis onze mois"),
    "presence:look": _l("Rendre les salles où personne ne vient"),
    "waiting:look": _l("Proposer plus loin les salles que personne n’a prises"),
    "draw:open": _l("Ouvrir le tirage au sort à venir"),
    "polls:close": _l("Finir un vote sur des dates"),
    "canary:sing": _l("Vérifier que les messages passent"),
    "kept:retention": _l("Effacer ce qui a fait son temps"),
}
JOBS: dict[str, Any] = {
    "mail:send": _l("Envoyer un e-mail"),
    "leaving:outbox": _l("Effacer les e-mails d’une personne partie"),
    "leaving:wipe": _l("Vider ce qu’un départ a laissé dans les fichiers"),
    "clubs:forget_former_name": _l("Oublier un ancien nom"),
    "founding:end_draft": _l("Effacer un brouillon de club"),
    "founding:part": _l("Retirer le oui d’une personne partie"),
    "pauses:end": _l("Finir une pause"),
    "pauses:forget_name": _l("Oublier le nom d’une personne retirée"),
    "assisted:end": _l("Finir une aide à l’accueil"),
    "assisted:forget": _l("Oublier le reçu d’une aide à l’accueil"),
    "visits:end": _l("Finir une visite"),
    "reports:restore": _l("Remettre un message caché"),
    "keeping:begin": _l("Garder moins longtemps les messages d’un club"),
    "practice:end_sharing": _l("Fermer l’adresse d’une grille après un jour"),
    "practice:forget_phone": _l("Oublier le numéro d’un rendez-vous fini"),
    "ballots:close": _l("Finir un vote d’un club et le compter"),
    "meetings:tell_later": _l("Prévenir d’une autre heure qui vient à une rencontre"),
    "draw:hold": _l("Tirer au sort les moments très demandés"),
    "evenings:decide": _l("Décider si une soirée ouvre"),
    "sessions:lapse": _l("Finir une demande de session sans réponse"),
    "closures:end_told": _l("Annuler une rencontre prévenue d’une fermeture"),
}
# What to do about one, by what it was for and on what it failed.
HINTS: dict[tuple[str, str], Any] = {
    ("draw:hold", "SeedLost"): _l(
        "La clé secrète du site a changé depuis l’ouverture du tirage : son nombre caché ne se lit plus. Remettez "
        "l’ancienne clé (SECRET_KEY, ou le fichier secret_key), puis réessayez. Si elle est perdue, effacez la tâche : "
        "il n’y a pas de tirage, et ces moments vont au premier club qui réserve. Prévenez les clubs."
    ),
}


def hint_words(job: Parked) -> Any:
    return HINTS.get((job.kind, job.failure), "")


def clock_words(name: str) -> Any:
    return CLOCK.get(name, name)


def job_words(kind: str) -> Any:
    return JOBS.get(kind, kind)
