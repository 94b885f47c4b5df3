"""Qui peut quoi sur un appel."""

import rules

from alliances.permissions import est_agent, est_coordination, est_equipe, est_ministere

rules.add_perm("appels.lire_appel", est_equipe | est_agent | est_ministere)
rules.add_perm("appels.modifier_appel", est_coordination)
rules.add_perm("appels.publier_appel", est_coordination)
