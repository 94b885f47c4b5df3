"""L'arbre des territoires : règles pures."""

from collections.abc import Mapping


def fait_une_boucle(parents: Mapping[int, int | None], enfant: int, parent: int | None) -> bool:
    """Vrai si poser `enfant` dans `parent` le mettrait dans lui-même. `parents` : territoire → celui dont il fait partie."""
    vus: set[int] = set()
    while parent is not None and parent not in vus:
        if parent == enfant:
            return True
        vus.add(parent)
        parent = parents.get(parent)
    return False
