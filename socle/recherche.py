"""Chercher sans accents ni majuscules, en SQL : la même forme que `socle.formats.sans_accents`."""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import CharField, Func, Q, QuerySet

from socle.formats import sans_accents

AVEC = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ’"
SANS = "aaaaaaceeeeiiiinooooouuuuyy'"
MOTS_MAX = 8


class SansAccents(Func):
    """Minuscules sans accents, ligatures dépliées."""

    template = f"translate(replace(replace(lower(%(expressions)s), 'œ', 'oe'), 'æ', 'ae'), '{AVEC}', '{SANS.replace(chr(39), chr(39) * 2)}')"
    output_field = CharField()


def chercher(objets: QuerySet, texte: str, champs: tuple[str, ...]) -> QuerySet:
    """Les objets dont chaque mot de `texte` paraît dans l'un des `champs`; tout, sans mot."""
    mots = sans_accents(texte).replace("œ", "oe").replace("æ", "ae").split()[:MOTS_MAX]
    if not mots:
        return objets
    pliees: dict[str, Any] = {f"_cherche_{rang}": SansAccents(champ) for rang, champ in enumerate(champs)}
    condition = reduce(and_, (reduce(or_, (Q(**{f"{nom}__contains": mot}) for nom in pliees)) for mot in mots))
    return objets.alias(**pliees).filter(condition)
