"""Lectures des ententes pour le ministère : la liste d'un cycle, une entente entière, ses mouvements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from alliances.models import Cycle, Entente, Enveloppe, Mouvement
from alliances.requetes.bilan import Chiffres, totaliser
from alliances.requetes.soldes import FAMILLES
from socle.argent import ZERO


@dataclass(frozen=True)
class RangeeEntente:
    """Une entente et la somme de ses enveloppes."""

    entente: Entente
    chiffres: Chiffres


def ententes_du_cycle(utilisateur: Any, cycle: Cycle) -> list[RangeeEntente]:
    """Les ententes du cycle que voit la personne, avec leurs sommes (deux requêtes)."""
    ententes = (
        Entente.objects.visibles_pour(utilisateur)
        .filter(cycle=cycle)
        .select_related("mandataire__region")
        .order_by("code")
    )
    sommes = {
        rangee["entente"]: Chiffres(*(rangee[f"somme_{nom}"] for nom in FAMILLES))
        for rangee in Enveloppe.objects.filter(entente__in=ententes)
        .order_by()
        .values("entente")
        .annotate(**{f"somme_{nom}": Sum(nom) for nom in FAMILLES})
    }
    return [RangeeEntente(e, sommes.get(e.pk, Chiffres())) for e in ententes]


def total_du_cycle(rangees: list[RangeeEntente]) -> tuple[Any, Chiffres]:
    """(Σ des montants confiés connus, Σ des chiffres)."""
    return sum((r.entente.montant or ZERO for r in rangees), ZERO), totaliser(r.chiffres for r in rangees)


def entente_entiere(utilisateur: Any) -> QuerySet[Entente]:
    """Les ententes visibles, avec tout ce que leur page montre du contrat."""
    return (
        Entente.objects.visibles_pour(utilisateur)
        .select_related("mandataire__region", "cycle")
        .prefetch_related("signataires", "avenants", "tranches", "mandataire__noms")
    )


def mouvements_filtres(entente: Entente, parametres: Mapping[str, str]) -> QuerySet[Mouvement]:
    """Les mouvements derrière un chiffre; les mêmes paramètres que la liste de l'admin, ignorés s'ils sont faux."""
    mouvements = Mouvement.objects.filter(entente=entente).select_related("enveloppe", "auteur").order_by("-sequence")
    famille, exercice = parametres.get("famille", ""), parametres.get("exercice", "")
    enveloppe = parametres.get("enveloppe__id__exact", "")
    if famille in FAMILLES:
        mouvements = mouvements.filter(type__in=FAMILLES[famille])
    if exercice:
        mouvements = mouvements.filter(exercice=exercice[:9])
    if enveloppe.isascii() and enveloppe.isdigit() and len(enveloppe) < 10:  # noqa: PLR2004 — une clé, pas n'importe quel nombre
        mouvements = mouvements.filter(enveloppe_id=int(enveloppe))
    return mouvements
