"""Demander l'export de ce qui est filtré : au téléchargement tout de suite s'il est court, sinon par un travail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from socle import travaux
from socle.models import Travail

ACCES_TRAVAIL = "travail"
COURT = 500  # rangées écrites dans la requête même


def voit_le_comite(utilisateur: Any) -> bool:
    """Les notes du comité ne sortent que pour qui consigne sa recommandation."""
    return bool(utilisateur.has_perm("projets.recommander"))


def demander_export(*, cles: Sequence[int], format_voulu: str, retour: str, auteur: Any, instant: datetime) -> Travail:
    """Met en file l'export de ces demandes; la portée est refiltrée à l'exécution."""
    return travaux.demander(
        "projets.exporter",
        libelle=_("Export de {n} demandes ({format})").format(n=len(cles), format=format_voulu.upper()),
        parametres={"objets": list(cles), "saisie": urlencode({"format": format_voulu})},
        demande_par=auteur,
        instant=instant,
        retour=retour,
        aviser=True,
    )
