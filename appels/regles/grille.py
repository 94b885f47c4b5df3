"""La grille : ses poids font 100 (R24)."""

from collections.abc import Iterable

TOTAL_POIDS = 100


def grille_equilibree(poids: Iterable[int]) -> bool:
    """Σ des poids = 100 (R24)."""
    return sum(poids) == TOTAL_POIDS
