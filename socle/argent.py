"""L'argent : `Decimal` au cent, une fonction d'arrondi, un partage qui ne perd rien (R30, R40)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
MONTANT_MAX = Decimal("999999999999.99")


def arrondir(montant: Decimal, pas: Decimal = CENT) -> Decimal:
    """`montant` arrondi au `pas` (le cent), la demie vers le haut."""
    return montant.quantize(pas, rounding=ROUND_HALF_UP)


def repartir(montant: Decimal, parts: Sequence[int]) -> list[Decimal]:
    """Partage `montant` selon des parts entières; chacune arrondie au cent, la dernière prend le reste (R30).

    Quelques cents entre plusieurs parts : aucune ne dépasse ce qui reste, donc aucune n'est négative. Refuse
    (`ValueError`) un montant négatif, une liste vide ou une part négative ou nulle : rien ne se partage ainsi.
    """
    if not parts or any(part <= 0 for part in parts):
        raise ValueError("Les parts sont des entiers positifs, au moins une.")
    if montant < 0:
        raise ValueError("Le montant à partager est positif ou nul.")
    total, reste, tranches = sum(parts), montant, []
    for part in parts[:-1]:
        tranches.append(min(arrondir(montant * part / total), reste))
        reste -= tranches[-1]
    return [*tranches, reste]


def rapport(numerateur: Decimal, denominateur: Decimal) -> Decimal | None:
    """Quotient arrondi au centième, la demie vers le haut; `None` si le dénominateur est nul (R40)."""
    return arrondir(numerateur / denominateur) if denominateur else None
