"""Paramètres de l'aide : un objet typé de l'entente, surchargé par l'appel, figé à l'ouverture (décision 8)."""

from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any, Self

ENTIERS = ("rapport_final_mois", "duree_max_mois", "par_organisme")


@dataclass(frozen=True)
class ParametresAide:
    """Bornes chiffrées d'une demande. Nul : la règle ne s'applique pas.

    Taux entre 0 et 1 : aide (R8), cumul (R9), mise de fonds minimale de l'organisme (R10) et frais d'administration (R11) sur les
    dépenses admissibles. `duree_max_mois` : durée d'un projet; `par_organisme` : demandes qu'un organisme peut déposer à l'appel.
    """

    plafond: Decimal | None = None
    plancher: Decimal | None = None
    taux_max: Decimal | None = None
    cumul_max: Decimal | None = Decimal("0.90")
    mise_min: Decimal | None = None
    administration_max: Decimal | None = None
    duree_max_mois: int | None = None
    par_organisme: int | None = None
    tranches: tuple[int, ...] = (50, 50)
    rapport_final_mois: int = 1
    gravites: tuple[tuple[str, str], ...] = ()

    @classmethod
    def lire(cls, valeurs: dict[str, Any], base: Self | None = None) -> Self:
        """Lit le JSON (montants et taux en chaînes) par-dessus `base`; ignore rien, refuse une clé inconnue."""
        types = {champ.name for champ in fields(cls)}
        inconnues = set(valeurs) - types
        if inconnues:
            raise ValueError(f"Paramètres inconnus : {', '.join(sorted(inconnues))}")
        return replace(base or cls(), **{nom: _typer(nom, valeur) for nom, valeur in valeurs.items()})

    def ecrire(self) -> dict[str, Any]:
        """JSON : montants et taux en chaînes."""
        return {
            nom: str(valeur) if isinstance(valeur, Decimal) else dict(valeur) if nom == "gravites" else valeur
            for nom, valeur in asdict(self).items()
        }

    def gravite(self, regle: str, defaut: str) -> str:
        """Gravité de `regle` pour cet appel, ou `defaut`."""
        return dict(self.gravites).get(regle, defaut)


def _typer(nom: str, valeur: Any) -> Any:
    if nom == "gravites":
        return tuple(sorted(valeur.items()))
    if nom == "tranches":
        return tuple(valeur)
    if nom in ENTIERS or valeur is None:
        return valeur
    return Decimal(valeur)
