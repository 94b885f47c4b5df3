"""La gravité de chaque règle chiffrée : fixée par l'appel, sinon elle avertit."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from appels.enums import Gravite

PAR_DEFAUT = Gravite.AVERTIT


@dataclass(frozen=True)
class RegleGraduee:
    """Une règle dont l'appel fixe la gravité : son numéro et ce qu'elle vérifie."""

    code: str
    libelle: Any


REGLES = (
    RegleGraduee("R3", _("Dépenses non admissibles (R3)")),
    RegleGraduee("R7", _("Aide maximale et minimale (R7)")),
    RegleGraduee("R8", _("Taux d’aide (R8)")),
    RegleGraduee("R9", _("Cumul des aides publiques (R9)")),
    RegleGraduee("R10", _("Mise de fonds de l’organisme (R10)")),
    RegleGraduee("R11", _("Frais d’administration du projet (R11)")),
    RegleGraduee("R13", _("Budget équilibré (R13)")),
    RegleGraduee("R19", _("Dates et durée du projet (R19)")),
)
CODES = frozenset(regle.code for regle in REGLES)
