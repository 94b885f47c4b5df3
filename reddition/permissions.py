"""Qui peut quoi sur une reddition."""

from typing import Any

import rules

from alliances.permissions import est_coordination, est_equipe, est_ministere
from reddition.enums import EtatReddition


@rules.predicate
def est_sortie(_utilisateur: Any, objet: Any) -> bool:
    """Le ministère ne voit rien d'une reddition en préparation."""
    return objet is None or getattr(objet, "etat", None) != EtatReddition.PREPARATION


rules.add_perm("reddition.lire_reddition", est_equipe | est_ministere & est_sortie)
rules.add_perm("reddition.preparer_reddition", est_coordination)
rules.add_perm("reddition.deposer_reddition", est_coordination)
rules.add_perm("reddition.examiner_reddition", est_ministere)
rules.add_perm("reddition.lister_redditions", est_ministere)
