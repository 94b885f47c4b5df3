"""Qui peut quoi sur un appel : la coordination le conduit; l'agent territorial écrit aussi tant qu'il n'est pas publié."""

from typing import Any

import rules

from alliances.permissions import est_agent, est_coordination, est_equipe, est_ministere
from appels.enums import EtatAppel


@rules.predicate
def en_preparation(_utilisateur: Any, appel: Any) -> bool:
    """L'appel n'est pas encore publié."""
    return appel is not None and appel.etat == EtatAppel.BROUILLON


rules.add_perm("appels.lire_appel", est_equipe | est_agent | est_ministere)
rules.add_perm("appels.creer_appel", est_coordination)
rules.add_perm("appels.preparer_appel", est_coordination | (est_agent & en_preparation))
rules.add_perm("appels.modifier_appel", est_coordination)
rules.add_perm("appels.publier_appel", est_coordination)
