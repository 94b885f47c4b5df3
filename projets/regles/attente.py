"""La liste d'attente, règles pures : ce qu'un solde libre sert maintenant, seul puis ensemble, dans l'ordre des rangs (R14, R27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Place:
    """Une demande devant le solde libre de son enveloppe, en dollars. `avec` : elle tient encore une fois servies celles d'avant."""

    voulu: Decimal
    libre: Decimal
    avec: bool

    @property
    def tient(self) -> bool:
        return ZERO < self.voulu <= self.libre

    @property
    def en_partie(self) -> bool:
        return not self.tient and self.libre > 0 and self.voulu > 0

    @property
    def reste(self) -> Decimal:
        """Ce que l'enveloppe garderait une fois cette demande servie, seule."""
        return self.libre - self.voulu

    @property
    def manque(self) -> Decimal:
        return max(-self.reste, ZERO)


def placer(libre: Decimal, voulus: Sequence[Decimal]) -> list[Place]:
    """Chaque demande contre le solde libre, dans l'ordre des rangs : seule, puis avec celles d'avant qui tiennent."""
    places, reste = [], libre
    for voulu in voulus:
        avec = ZERO < voulu <= reste
        places.append(Place(voulu, libre, avec))
        if avec:
            reste -= voulu
    return places


def apres(libre: Decimal, places: Sequence[Place]) -> Decimal:
    """Ce qui resterait une fois servies toutes celles qui tiennent ensemble."""
    return libre - sum((place.voulu for place in places if place.avec), ZERO)
