"""Règles des ententes, pures : écarts publiés, taux, part en zone (R12, R15, R54, R55)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from socle.argent import ZERO, arrondir

PAS_TAUX = Decimal("0.0001")


@dataclass(frozen=True)
class EcartPublie:
    """Un nombre imprimé dans une source et ce que ses lignes donnent : les deux se gardent, l'écart se montre."""

    libelle: str
    imprime: Decimal
    recalcule: Decimal

    @property
    def ecart(self) -> Decimal:
        return self.imprime - self.recalcule


def part(montant: Decimal, total: Decimal) -> Decimal | None:
    """Part de `total`, au dix-millième; nulle si le total est nul."""
    return arrondir(montant / total, PAS_TAUX) if total else None


def part_en_zone(octrois: Iterable[tuple[Decimal, bool]]) -> Decimal | None:
    """R55 : part des octrois dans les zones où se concentre la pauvreté; chaque octroi dit s'il y est."""
    total = en_zone = ZERO
    for montant, dedans in octrois:
        total += montant
        en_zone += montant if dedans else ZERO
    return part(en_zone, total)


def prolongation_calculee(enveloppe: Decimal) -> Decimal:
    """Prolongation 2023-2024 des régions connues : enveloppe × 0,1700096, au dollar."""
    return arrondir(enveloppe * Decimal("0.1700096"), Decimal(1))


def est_echue(fin: date, jour: date) -> bool:
    """Une entente vaut jusqu'à son dernier jour compris."""
    return jour > fin
