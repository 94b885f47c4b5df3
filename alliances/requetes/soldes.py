"""Soldes du grand livre : par exercice, à un instant passé, à reporter."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from alliances.enums import SUR_DOTATION, SUR_ENGAGE, SUR_VERSE
from alliances.models import Entente, Enveloppe, Mouvement
from socle.argent import ZERO

FAMILLES = {"dotation": SUR_DOTATION, "engage": SUR_ENGAGE, "verse": SUR_VERSE}


def somme(famille: str) -> Sum:
    """Σ des mouvements d'une famille (dotation, engagé, versé), zéro s'il n'y en a pas."""
    return Sum("montant", filter=Q(type__in=FAMILLES[famille]), default=ZERO)


def sommes(mouvements: QuerySet[Mouvement]) -> dict[str, Decimal]:
    """Les trois sommes d'un ensemble de mouvements, en une requête."""
    return mouvements.order_by().aggregate(**{famille: somme(famille) for famille in FAMILLES})


@dataclass(frozen=True)
class SoldeExercice:
    """Ce qu'un exercice a reçu et engagé dans une enveloppe, en dollars."""

    enveloppe: Enveloppe
    dotation: Decimal
    engage: Decimal

    @property
    def solde(self) -> Decimal:
        return self.dotation - self.engage


def soldes_a_reporter(entente: Entente, exercice: str) -> list[SoldeExercice]:
    """Par enveloppe, le non-engagé de l'exercice (R17); une requête pour les soldes, une pour les enveloppes."""
    par_enveloppe = {
        rangee["enveloppe"]: rangee
        for rangee in Mouvement.objects.filter(entente=entente, exercice=exercice)
        .order_by()
        .values("enveloppe")
        .annotate(dotation=somme("dotation"), engage=somme("engage"))
    }
    return [
        SoldeExercice(enveloppe, par_enveloppe[enveloppe.pk]["dotation"], par_enveloppe[enveloppe.pk]["engage"])
        for enveloppe in Enveloppe.objects.filter(entente=entente).select_related("entente").order_by("ordre", "code")
        if enveloppe.pk in par_enveloppe
    ]


@dataclass(frozen=True)
class LigneReleve:
    """Un mouvement et les soldes de l'enveloppe juste après lui."""

    mouvement: Mouvement
    dotation: Decimal
    engage: Decimal
    verse: Decimal

    @property
    def disponible(self) -> Decimal:
        return self.dotation - self.engage


@dataclass(frozen=True)
class Releve:
    """Le relevé d'une enveloppe à un instant : les mouvements inscrits jusque-là, et les soldes après chacun."""

    enveloppe: Enveloppe
    instant: datetime
    lignes: list[LigneReleve]

    @property
    def fin(self) -> LigneReleve | None:
        return self.lignes[-1] if self.lignes else None


def releve(enveloppe: Enveloppe, instant: datetime) -> Releve:
    """Le relevé à `instant`, dans l'ordre de la chaîne (une requête)."""
    cumul = dict.fromkeys(FAMILLES, ZERO)
    lignes = []
    mouvements = (
        Mouvement.objects.filter(enveloppe=enveloppe, instant__lte=instant)
        .select_related("auteur")
        .order_by("sequence")
    )
    for mouvement in mouvements:
        for famille, types in FAMILLES.items():
            if mouvement.type in types:
                cumul[famille] += mouvement.montant
        lignes.append(LigneReleve(mouvement, **cumul))
    return Releve(enveloppe, instant, lignes)


def soldes_non_engages(exercice: str) -> dict[int, Decimal]:
    """Par entente, le non-engagé de l'exercice, toutes enveloppes ensemble (une requête)."""
    sommes_ = (
        Mouvement.objects.filter(exercice=exercice)
        .order_by()
        .values("entente")
        .annotate(dotation=somme("dotation"), engage=somme("engage"))
    )
    return {rangee["entente"]: rangee["dotation"] - rangee["engage"] for rangee in sommes_}
