"""Le budget révisé à côté du budget déposé, poste par poste (R29). L'acceptation remplace les rangées du projet : le dépôt fait foi."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from projets.enums import CategorieDepense, SourceFinancement
from projets.models import BudgetRevise, Depot
from socle.argent import ZERO


@dataclass(frozen=True)
class Poste:
    """Une dépense ou une source : déposé, révisé, en dollars; nul d'un côté : le poste n'y est pas."""

    titre: str
    depose: Decimal | None
    revise: Decimal | None

    @property
    def ecart(self) -> Decimal:
        return (self.revise or ZERO) - (self.depose or ZERO)


@dataclass(frozen=True)
class BudgetsCompares:
    """Les deux budgets; `ecarts` : combien de postes changent."""

    budget: BudgetRevise
    depenses: list[Poste]
    financements: list[Poste]

    @property
    def total_depenses(self) -> Poste:
        return _total(self.depenses)

    @property
    def total_financements(self) -> Poste:
        return _total(self.financements)

    @property
    def ecarts(self) -> int:
        return sum(poste.ecart != 0 for poste in (*self.depenses, *self.financements))


def comparer_budgets(budget: BudgetRevise, depot: Depot) -> BudgetsCompares:
    """Sans requête : `depot` est le dernier dépôt de la demande. Les rangées de même nom s'additionnent."""
    contenu = depot.contenu
    demande = contenu.get("montant_demande")
    octroi = Poste(
        _("FQIS"),
        Decimal(demande) if demande not in (None, "", "None") else None,
        budget.montant,
    )
    return BudgetsCompares(
        budget,
        _postes(
            _sommes(contenu.get("depenses", ()), "categorie", "libelle"),
            _sommes(budget.depenses, "categorie", "libelle"),
            dict(CategorieDepense.choices),
        ),
        [
            octroi,
            *_postes(
                _sommes(contenu.get("financements", ()), "source", "nom"),
                _sommes(budget.financements, "source", "libelle"),
                dict(SourceFinancement.choices),
            ),
        ],
    )


Cle = tuple[str, str]


def _sommes(rangees: Iterable[Mapping[str, Any]], genre: str, nom: str) -> dict[Cle, Decimal]:
    sommes: dict[Cle, Decimal] = {}
    for rangee in rangees:
        cle = (rangee[genre], rangee.get(nom) or "")
        sommes[cle] = sommes.get(cle, ZERO) + Decimal(rangee["montant"] or 0)
    return sommes


def _postes(deposes: dict[Cle, Decimal], revises: dict[Cle, Decimal], mots: Mapping[str, Any]) -> list[Poste]:
    """Dans l'ordre du dépôt, puis ce que la révision ajoute."""
    return [
        Poste(
            " – ".join(mot for mot in (str(mots.get(genre, genre)), nom) if mot),
            deposes.get((genre, nom)),
            revises.get((genre, nom)),
        )
        for genre, nom in {**deposes, **revises}
    ]


def _total(postes: list[Poste]) -> Poste:
    return Poste(
        _("Total"),
        sum((poste.depose or ZERO for poste in postes), ZERO),
        sum((poste.revise or ZERO for poste in postes), ZERO),
    )
