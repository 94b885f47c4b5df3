"""Quand une pièce s'exige : un petit vocabulaire de conditions, typé et pur (R36, R37).

Une pièce sans condition s'exige toujours; avec plusieurs, il faut qu'elles soient toutes vraies. Ce qu'on ne sait pas
encore (un montant pas inscrit) ne tranche pas : la réponse est `None`, et la pièce se dit « à prévoir ».
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from appels.enums import GenreCondition, NatureProjet
from comptes.enums import FormeJuridique
from socle.formats import argent, nombre

# R37 : effectif à partir duquel la francisation s'atteste, selon la date (Charte de la langue française, art. 139).
SEUILS_FRANCISATION = ((date(2025, 6, 1), 25), (date.min, 50))


@dataclass(frozen=True)
class Condition:
    """Une condition : son genre, ses valeurs (codes de forme ou de nature) ou son seuil (dollars, personnes)."""

    genre: str
    valeurs: tuple[str, ...] = ()
    seuil: Decimal | None = None

    @classmethod
    def lire(cls, ecrite: dict[str, Any]) -> "Condition":
        """Lit le JSON; refuse (`ValueError`) un genre inconnu, une liste vide ou un seuil absent."""
        genre = GenreCondition(ecrite["genre"])
        valeurs = tuple(ecrite.get("valeurs", ()))
        seuil = Decimal(ecrite["seuil"]) if ecrite.get("seuil") is not None else None
        if genre in {GenreCondition.FORME, GenreCondition.NATURE} and not valeurs:
            raise ValueError(f"Condition {genre} sans valeur")
        if genre in {GenreCondition.MONTANT, GenreCondition.EFFECTIF} and seuil is None:
            raise ValueError(f"Condition {genre} sans seuil")
        return cls(genre, valeurs, seuil)

    def ecrire(self) -> dict[str, Any]:
        """JSON : le seuil en chaîne."""
        return {
            "genre": str(self.genre),
            **({"valeurs": list(self.valeurs)} if self.valeurs else {}),
            **({"seuil": str(self.seuil)} if self.seuil is not None else {}),
        }

    @property
    def en_mots(self) -> str:
        """« si l’aide demandée est d’au moins 50 000 $ »."""
        if self.genre == GenreCondition.FORME:
            noms = [
                str(FormeJuridique(v).label).lower().replace("obnl", "OBNL").replace("mrc", "MRC") for v in self.valeurs
            ]
            return _("si l’organisme est de l’une de ces formes : {formes}").format(formes=", ".join(noms))
        if self.genre == GenreCondition.NATURE:
            noms = [str(NatureProjet(v).label).lower() for v in self.valeurs]
            return _("si le projet est de cette nature : {natures}").format(natures=_(" ou ").join(noms))
        if self.genre == GenreCondition.MONTANT:
            return _("si l’aide demandée est d’au moins {montant}").format(montant=argent(self.seuil))
        if self.genre == GenreCondition.EFFECTIF:
            return _("si l’organisme emploie {n} personnes ou plus").format(n=nombre(self.seuil or 0))
        return _("si elle n’a jamais été fournie à l’Alliance, ou si elle a été modifiée depuis")


@dataclass(frozen=True)
class Circonstances:
    """Ce qu'on sait d'une demande; `None` : on ne le sait pas encore. `fournies` : codes des pièces au dossier permanent."""

    forme: str | None = None
    montant: Decimal | None = None
    nature: str | None = None
    effectif: int | None = None
    fournies: frozenset[str] | None = None


def lire_conditions(ecrites: Iterable[dict[str, Any]]) -> list[Condition]:
    return [Condition.lire(ecrite) for ecrite in ecrites]


def exigee(code: str, conditions: Sequence[Condition], connues: Circonstances) -> bool | None:
    """La pièce `code` s'exige-t-elle? Non dès qu'une condition est fausse; `None` si l'une reste inconnue."""
    verdicts = [_tenue(code, condition, connues) for condition in conditions]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _tenue(code: str, condition: Condition, connues: Circonstances) -> bool | None:
    if condition.genre == GenreCondition.FORME:
        return None if not connues.forme else connues.forme in condition.valeurs
    if condition.genre == GenreCondition.NATURE:
        return None if not connues.nature else connues.nature in condition.valeurs
    if condition.genre == GenreCondition.MONTANT:
        return None if connues.montant is None or condition.seuil is None else connues.montant >= condition.seuil
    if condition.genre == GenreCondition.EFFECTIF:
        return None if connues.effectif is None or condition.seuil is None else connues.effectif >= condition.seuil
    return None if connues.fournies is None else code not in connues.fournies


def conditions_en_mots(conditions: Sequence[Condition]) -> str:
    """« Si l’organisme…, et si l’aide demandée… »; vide sans condition."""
    mots = _(", et ").join(condition.en_mots for condition in conditions)
    return mots[:1].upper() + mots[1:]


def seuil_francisation(jour: date) -> int:
    """R37 : l'effectif à partir duquel un document de l'Office québécois de la langue française s'exige, à cette date."""
    return next(seuil for depuis, seuil in SEUILS_FRANCISATION if jour >= depuis)
