"""Le quorum d'un dossier : qui s'est retiré n'y compte pas, si l'appel le règle ainsi (R25)."""

from collections.abc import Set


def comptent_au_quorum(presents: Set[int], retires: Set[int], *, retrait_hors_quorum: bool) -> frozenset[int]:
    """Les membres votants présents qui comptent pour ce dossier."""
    return frozenset(presents - retires) if retrait_hors_quorum else frozenset(presents)


def votent(presents: Set[int], retires: Set[int]) -> frozenset[int]:
    """Qui vote sur ce dossier : un intérêt déclaré retire toujours le vote, quel que soit le quorum."""
    return frozenset(presents - retires)


def quorum_atteint(comptes: Set[int], quorum: int | None) -> bool:
    """Un quorum non fixé est toujours atteint."""
    return quorum is None or len(comptes) >= quorum
