"""Starter charters: twelve, one for each kind of group that the source text names, and one for none of these.

A kit suggests a door, what a newcomer reads, and a few rules in plain words. The founder changes what they like.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Kit:
    """One starter. history: ``all`` or ``joining``, as the club's."""

    key: str
    label: Any
    door: str
    history: str
    rules: tuple[Any, ...]

    @property
    def charter(self) -> str:
        """One rule a line, in the language of who reads."""
        return "\n".join(str(rule) for rule in self.rules)


STAYS = _l("Ce qui est dit ici reste ici.")
LISTEN = _l("On laisse chacun finir sa phrase.")

KITS = (
    Kit("latinos", _l("Latinos"), "open", "all", (
        _l("On écrit dans la langue qu’on veut. On traduit pour les autres en une ligne."),
        _l("On ne demande à personne où en sont ses papiers."),
        _l("On ne vend rien ici, surtout pas des démarches."),
        _l("On respecte chaque pays et chaque accent."),
        STAYS,
    )),
    Kit("over-45", _l("45 ans et plus"), "open", "all", (
        _l("On dit « tu », sauf à qui préfère « vous »."),
        _l("On ne se moque ni d’un CV, ni d’une question."),
        _l("L’âge n’est pas une excuse, ni un reproche."),
        _l("On prévient quand on ne peut pas venir. Sans donner de raison."),
        STAYS,
    )),
    Kit("job-loss", _l("Après une perte d’emploi"), "open", "all", (
        _l("On écoute sans donner de leçon."),
        _l("On ne parle pas de son ancien patron en donnant son nom."),
        _l("On peut venir et ne rien dire."),
        _l("On fête chaque petit pas."),
        STAYS,
    )),
    Kit("postgraduates", _l("Après de longues études"), "open", "all", (
        _l("Toutes les disciplines se valent."),
        _l("On ne demande pas « et ta thèse, c’est fini ? »."),
        _l("On explique ses mots savants, ou on s’en passe."),
        _l("Un échec raconté aide autant qu’une réussite."),
    )),
    Kit("illness", _l("Vivre avec une maladie longue"), "discreet", "joining", (
        _l("On ne demande jamais « qu’est-ce que tu as ? »."),
        _l("On ne compare pas les maladies."),
        _l("On ne donne pas de conseil médical."),
        _l("Annuler au dernier moment est toujours permis."),
        _l("Personne ne dit dehors qui est dans ce club."),
    )),
    Kit("religious", _l("Croyances et travail"), "discreet", "joining", (
        _l("On ne prêche pas. On ne débat pas des croyances."),
        _l("On ne demande à personne ce qu’il croit."),
        _l("On cherche des solutions qui respectent aussi les collègues."),
        _l("On ne répète pas ce qu’un autre a confié."),
        _l("Personne ne dit dehors qui est dans ce club."),
    )),
    Kit("skills", _l("Se perfectionner"), "open", "all", (
        _l("Il n’y a pas de question bête."),
        _l("On montre, on ne fait pas à la place."),
        _l("On va au rythme du plus lent."),
        _l("Chacun apprend quelque chose à quelqu’un."),
    )),
    Kit("trans", _l("Personnes trans"), "discreet", "joining", (
        _l("On utilise le nom et les mots que chaque personne choisit. On demande, on ne devine pas."),
        _l("On ne pose pas de question sur le corps ni sur le passé."),
        _l("On conseille quand c’est demandé."),
        _l("Personne ne parle de ce club dehors, même pour en dire du bien."),
        _l("Personne ne dit dehors qui est dans ce club."),
    )),
    Kit("artists", _l("Artistes"), "open", "all", (
        _l("On ne juge pas le goût des autres."),
        _l("On dit les vrais prix."),
        _l("On ne copie pas et on ne photographie pas sans demander."),
        _l("On range ensemble après chaque rencontre."),
    )),
    Kit("founders", _l("Créatrices d’entreprise"), "on_request", "joining", (
        _l("On ne copie pas l’idée d’une autre."),
        _l("On donne des chiffres vrais, ou on se tait."),
        _l("Chacune parle à son tour. Trois minutes."),
        _l("On ne vend rien aux autres membres."),
        STAYS,
    )),
    Kit("elsewhere", _l("Compétences d’ailleurs"), "open", "all", (
        _l("Un diplôme d’ailleurs est un vrai diplôme."),
        _l("On partage les démarches qui ont marché, et aussi celles qui ont échoué."),
        _l("On ne montre jamais les papiers d’une autre personne."),
        LISTEN,
    )),
    Kit("side", _l("Une activité en plus"), "on_request", "joining", (
        _l("On parle du temps qu’il reste, pas seulement de l’argent."),
        _l("On ne fait pas de publicité aux membres."),
        _l("Avant de promettre, on regarde les règles de son contrat."),
        _l("On ne dit pas dehors qui a une deuxième activité."),
    )),
    Kit("none", _l("Rien de tout cela"), "on_request", "joining", (
        STAYS,
        LISTEN,
        _l("On ne se moque de personne."),
        _l("On prévient quand on ne peut pas venir. Sans donner de raison."),
    )),
)  # fmt: skip
BY_KEY = {kit.key: kit for kit in KITS}
