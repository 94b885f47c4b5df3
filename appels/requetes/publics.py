"""Trouver un appel : la liste publique filtrée et cherchée, et celui qu’on prépare, pour son aperçu."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from appels.enums import Phase
from appels.models import Appel, AppelQuerySet
from socle.formats import sans_accents


def aplatir(texte: str) -> str:
    """Sans accents, en minuscules, tout tiret, apostrophe ou ponctuation devenu une espace : « saguenay lac saint jean »."""
    return re.sub(r"[\W_]+", " ", sans_accents(texte)).strip()


def filtrer(appels: Iterable[Appel], parametres: Mapping[str, str], instant: datetime) -> list[Appel]:
    """Les appels de la phase et du territoire demandés; un paramètre vide ou inconnu de la liste ne filtre rien."""
    phase, territoire = parametres.get("phase", ""), parametres.get("territoire", "")
    return [
        appel
        for appel in appels
        if (phase not in Phase.values or appel.phase_a(instant) == phase)
        and (not territoire or appel.entente.mandataire.territoire == territoire)
    ]


def rechercher(appels: Iterable[Appel], mots: str) -> list[Appel]:
    """Les appels dont le titre, la région ou le mandataire contient tous les mots, sans égard aux accents ni aux tirets."""
    cherches = [aplatir(mot) for mot in mots.split()]

    def texte(appel: Appel) -> str:
        mandataire = appel.entente.mandataire
        return aplatir(
            f"{appel.titre} {appel.terme} {appel.code} {mandataire.territoire} {mandataire.nom} {mandataire.nom_public}"
        )

    return [appel for appel in appels if all(mot and mot in texte(appel) for mot in cherches)]


def a_preparer(appels: AppelQuerySet, utilisateur: Any, code: str) -> Appel | None:
    """L'appel de ce code, pour qui le prépare; nul pour toute autre personne : l'aperçu n'existe pas pour elle."""
    if not utilisateur.is_authenticated:
        return None
    appel = appels.visibles_pour(utilisateur).filter(code=code).first()
    return appel if appel is not None and utilisateur.has_perm("appels.preparer_appel", appel) else None
