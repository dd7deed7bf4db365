"""The rest of what is stored, in sentences: no key of an account or a membership. See ``kept``."""

from flask_babel import lazy_gettext as _l

from app.pages.legal.kept import ALL, CLUB, NOBODY, TEAM, Kept, lasts

NOT_YOURS = (
    Kept(
        _l("Quelle discussion est celle d’une rencontre."),
        _l("Tant que les deux existent"),
        CLUB,
        ("meeting_thread",),
    ),
    Kept(
        _l("Combien de personnes étaient à une rencontre, et si le club note aussi les noms."),
        _l("Le nombre : %(time)s, ou ce que le club a choisi", time=lasts("attendance:numbers")),
        _l("Qui était au club ce jour-là"),
        ("attendance", "named_attendance"),
    ),
    Kept(
        _l("Les maisons, les salles, leurs heures, leurs fermetures, et ce que la maison écrit ici."),
        _l("Tant que la maison le veut ; une fermeture passée : %(time)s", time=lasts("rooms:closures")),
        ALL,
        (
            *("house", "room", "opening_window", "closure", "span", "house_text", "house_link", "house_contact"),
            *("room_import", "imported_closure"),
        ),
    ),
    Kept(
        _l("Les partenaires de la maison, et leurs heures de conseil."),
        _l("Tant que la maison le veut ; une heure passée : %(time)s", time=lasts("advice:past")),
        ALL,
        ("partner", "advice_hour"),
    ),
    Kept(
        _l("Les ressources de la maison. Rien ne dit quel club en a proposé une."),
        _l("Tant que la maison le veut"),
        ALL,
        ("shelf_item",),
    ),
    Kept(
        _l("Les fichiers de ces ressources, réécrits sans le nom de leur auteur. Rien ne dit qui en a envoyé un."),
        _l("Avec la ressource ; un fichier envoyé et jamais montré : %(time)s", time=lasts("shelf:files")),
        ALL,
        ("shelf_file",),
    ),
    Kept(
        _l("La réponse à une ressource proposée. Une empreinte y remplace le club : on ne peut pas la relire."),
        _l("%(time)s après la réponse", time=lasts("shelf:answers")),
        _l("Les responsables du club"),
        ("shelf_proposal",),
    ),
    Kept(
        _l("Qui dit qu’un lien ne s’ouvre plus : une empreinte, qu’on ne peut pas relire."),
        _l("Jusqu’à ce que l’équipe vérifie le lien"),
        NOBODY,
        ("dead_link",),
    ),
    Kept(
        _l("Le code qui permet de conseiller pour un partenaire, brouillé."),
        _l("7 jours, puis %(time)s au plus", time=lasts("partners:codes")),
        NOBODY,
        ("adviser_code",),
    ),
    Kept(
        _l("Les soirées qui ouvrent seulement si assez de clubs viennent."),
        _l("%(time)s après la soirée", time=lasts("rooms:evenings")),
        ALL,
        ("evening_rule",),
    ),
    Kept(
        _l("Les dates qu’un club a réservées ensemble, et les échanges qu’il propose. Personne n’y est nommé."),
        _l("%(time)s après la dernière rencontre", time=lasts("rooms:claims")),
        _l("Le club ; de l’échange, l’autre club aussi"),
        ("claim_series", "claim_swap"),
    ),
    Kept(
        _l("La salle qu’un club attend, et depuis quand."),
        _l("Jusqu’à la fin du moment attendu, et %(time)s de plus au plus", time=lasts("rooms:waiting")),
        _l("Les personnes responsables du club"),
        ("waiting", "hold"),
    ),
    Kept(
        _l("Les clubs, leur charte, leur suite de rencontres."),
        _l("Tant que le club existe ; une suite finie : %(time)s", time=lasts("rooms:series")),
        _l("Selon la porte du club"),
        ("club", "meeting_session"),
    ),
    Kept(
        _l("Combien de places a une session, et jusqu’à quand le club se repose."),
        _l("%(time)s après la dernière rencontre", time=lasts("rooms:claims")),
        CLUB,
        ("session_path",),
    ),
    Kept(
        _l("La taille des clubs par tranches, et ce qui appelle un coup de main : oui ou non, au jour près."),
        _l("Tant que le club existe. Un oui part le jour où il n’est plus vrai"),
        _l("L’équipe, pour les clubs de cinq personnes et plus"),
        ("club_size", "club_cue"),
    ),
    Kept(
        _l("Le carnet de chaque club : des numéros et des heures, ni texte ni nom."),
        _l("%(time)s, ou ce que le club a choisi", time=lasts("messaging:log")),
        CLUB,
        ("change",),
    ),
    Kept(
        _l(
            "Le journal : ce que l’équipe et les responsables ont fait. Ni texte ni nom de membre. "
            "Une empreinte vous permet d’y retrouver ce qui vous concerne."
        ),
        _l("Toujours : rien ne peut y être changé ni effacé"),
        _l("Le club pour sa part, vous pour ce qui vous concerne, l’équipe"),
        ("journal_entry",),
    ),
    Kept(
        _l("Ce que l’accueil demande à un club pour quelqu’un : la réponse, et le mot, scellé. Ni nom ni raison."),
        _l("Jusqu’à ce que l’accueil ait remis le mot, %(time)s au plus", time=lasts("invitations:asked")),
        _l("L’équipe, et les responsables du club"),
        ("invitation_request",),
    ),
    Kept(
        _l(
            "Les tirages au sort des moments très demandés : les souhaits et le résultat de chaque club, "
            "et les clubs qui tirent ensemble. Aucune personne."
        ),
        _l(
            "%(time)s. Deux clubs qui tirent ensemble : douze semaines, puis %(after)s. "
            "Le mot qu’un club donne à l’autre : sept jours, puis %(word)s",
            time=lasts("draw:past"),
            after=lasts("draw:splits"),
            word=lasts("draw:split-words"),
        ),
        _l("Tout le monde, sous une étiquette ; le club et l’équipe, avec son nom de plante"),
        ("draw", "draw_bid", "club_split", "split_word"),
    ),
    Kept(
        _l("Les noms de plante tirés au sort, ceux qui attendent, et ceux qui ne servent plus. Ni compte ni nom."),
        _l(
            "Un tirage : %(time)s. Un nom qui attend : %(held)s. Un nom qui ne sert plus : toujours, "
            "pour ne jamais le redonner",
            time=lasts("founding:draws"),
            held=lasts("founding:holds"),
        ),
        NOBODY,
        ("plant_hold", "plant_draw", "retired_slug"),
    ),
    Kept(
        _l("Ce qu’un appareil doit signer pour entrer : un nombre tiré au sort."),
        _l("5 minutes, puis une heure au plus"),
        NOBODY,
        ("passkey_challenge",),
    ),
    Kept(
        _l("L’ouverture de la maison : le code d’installation, brouillé, et la date."),
        _l("Le code : jusqu’à l’ouverture"),
        NOBODY,
        ("setup_code", "first_opening"),
    ),
    Kept(
        _l("Les écrans de la maison, leur dernier signe à la minute, et l’appel fait d’une borne : jamais par qui."),
        _l("Un écran : tant qu’il est relié. Un appel : 15 minutes, puis une heure au plus"),
        TEAM,
        ("device", "device_call", "door"),
    ),
    Kept(
        _l("Ce qui reste à faire : les e-mails à envoyer, scellés, et l’horloge de la maison."),
        _l("Jusqu’à ce que ce soit fait ; un e-mail qui ne part pas : %(time)s", time=lasts("accounts:lost-mails")),
        NOBODY,
        ("job", "clock_job"),
    ),
    Kept(
        _l(
            "Ce qui a été effacé. Dans la base, il n’en reste rien : ni texte, ni nom. "
            "Le journal d’écriture de la base et les copies de secours le gardent encore un peu."
        ),
        _l("30 jours au plus"),
        NOBODY,
        (),
    ),
    Kept(
        _l("Ce qui a aidé, pour chaque besoin : des nombres. Ni compte, ni heure, ni appareil."),
        _l("Tant que la maison existe"),
        _l("Personne ; ils donnent l’ordre des réponses, à partir de 11"),
        ("need_help",),
    ),
    Kept(
        _l("Les accès fermés : des numéros, pour fermer partout à la fois."),
        lasts("accounts:ended-rights"),
        NOBODY,
        ("revocation",),
    ),
)  # fmt: skip
