"""What lies in each table, counted in plain words."""

from flask_babel import ngettext


def counted(table: str, n: int) -> str:
    """``3 messages``; a table that has no words of its own is counted in lines."""
    return str(
        {
            "account": lambda: ngettext("%(num)s compte", "%(num)s comptes", n),
            "login_session": lambda: ngettext("%(num)s appareil ouvert", "%(num)s appareils ouverts", n),
            "token": lambda: ngettext("%(num)s clé pour programme", "%(num)s clés pour programmes", n),
            "calendar_key": lambda: ngettext("%(num)s adresse de calendrier", "%(num)s adresses de calendrier", n),
            "passage": lambda: ngettext("%(num)s entrée ou sortie", "%(num)s entrées et sorties", n),
            "membership": lambda: ngettext("%(num)s adhésion", "%(num)s adhésions", n),
            "thread": lambda: ngettext("%(num)s discussion ouverte", "%(num)s discussions ouvertes", n),
            "message": lambda: ngettext("%(num)s message", "%(num)s messages", n),
            "reaction": lambda: ngettext("%(num)s mot de réaction", "%(num)s mots de réaction", n),
            "reading_mark": lambda: ngettext("%(num)s repère de lecture", "%(num)s repères de lecture", n),
            "claim": lambda: ngettext("%(num)s réservation", "%(num)s réservations", n),
            "meeting": lambda: ngettext("%(num)s rencontre prévue", "%(num)s rencontres prévues", n),
            "rsvp": lambda: ngettext("%(num)s réponse à une rencontre", "%(num)s réponses à des rencontres", n),
            "ballot": lambda: ngettext("%(num)s question posée", "%(num)s questions posées", n),
            "ballot_voice": lambda: ngettext("%(num)s réponse avec mon nom", "%(num)s réponses avec mon nom", n),
            "report": lambda: ngettext("%(num)s signalement", "%(num)s signalements", n),
            "reported_message": lambda: ngettext("%(num)s message joint", "%(num)s messages joints", n),
            "decision": lambda: ngettext("%(num)s décision", "%(num)s décisions", n),
            "objection": lambda: ngettext("%(num)s contestation", "%(num)s contestations", n),
            "pause": lambda: ngettext("%(num)s pause ou retrait", "%(num)s pauses ou retraits", n),
            "mail_choice": lambda: ngettext("%(num)s réglage", "%(num)s réglages", n),
            "proposal": lambda: ngettext("%(num)s club proposé", "%(num)s clubs proposés", n),
            "backer": lambda: ngettext("%(num)s club soutenu", "%(num)s clubs soutenus", n),
            "help_request": lambda: ngettext("%(num)s demande d’aide", "%(num)s demandes d’aide", n),
            "help_note": lambda: ngettext("%(num)s mot à l’équipe", "%(num)s mots à l’équipe", n),
            "visit": lambda: ngettext("%(num)s visite", "%(num)s visites", n),
            "staff_post": lambda: ngettext("%(num)s lieu de travail", "%(num)s lieux de travail", n),
            "passkey": lambda: ngettext("%(num)s appareil reconnu", "%(num)s appareils reconnus", n),
            "card": lambda: ngettext("%(num)s carte", "%(num)s cartes", n),
            "invitation": lambda: ngettext("%(num)s invitation", "%(num)s invitations", n),
            "club_archive": lambda: ngettext("%(num)s archive demandée", "%(num)s archives demandées", n),
            "rehearsal": lambda: ngettext("%(num)s entretien d’essai", "%(num)s entretiens d’essai", n),
            "practice_offer": lambda: ngettext("%(num)s moment offert", "%(num)s moments offerts", n),
            "practice_grid": lambda: ngettext("%(num)s grille", "%(num)s grilles", n),
            "practice_refusal": lambda: ngettext("%(num)s personne évitée", "%(num)s personnes évitées", n),
            "archive_refusal": lambda: ngettext("%(num)s choix", "%(num)s choix", n),
        }.get(table, lambda: ngettext("%(num)s ligne", "%(num)s lignes", n))()
    )
