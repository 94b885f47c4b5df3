"""L'écart entre les notes d'un même dossier : ce que la présidence et la coordination regardent avant la séance."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENTIEME = Decimal("0.01")
A_DISCUTER = Decimal(20)  # à partir de vingt points entre la plus haute et la plus basse, le dossier se signale


@dataclass(frozen=True)
class Dispersion:
    """Moyenne, extrêmes et écart type (population), au centième."""

    nombre: int
    moyenne: Decimal
    basse: Decimal
    haute: Decimal
    ecart_type: Decimal

    @property
    def etendue(self) -> Decimal:
        return self.haute - self.basse

    @property
    def a_discuter(self) -> bool:
        return self.etendue >= A_DISCUTER


def dispersion(notes: Sequence[Decimal]) -> Dispersion | None:
    """Nul sans note."""
    if not notes:
        return None
    moyenne = sum(notes, Decimal(0)) / len(notes)
    variance = sum(((note - moyenne) ** 2 for note in notes), Decimal(0)) / len(notes)
    return Dispersion(
        len(notes),
        moyenne.quantize(CENTIEME, rounding=ROUND_HALF_UP),
        min(notes),
        max(notes),
        variance.sqrt().quantize(CENTIEME, rounding=ROUND_HALF_UP),
    )
