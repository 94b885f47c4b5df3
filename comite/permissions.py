"""Qui conduit le travail du comité, et qui lit ses séances."""

import rules

from alliances.permissions import est_coordination, predicat_role
from comptes.enums import Role

est_du_comite = predicat_role(Role.EVALUATION)

rules.add_perm("comite.conduire", est_coordination)
rules.add_perm("comite.imprimer_codes", est_coordination)
rules.add_perm("comite.preparer_seance", est_coordination)
rules.add_perm("comite.tenir_seance", est_coordination)
rules.add_perm("comite.ecrire_scenario", est_coordination)
rules.add_perm("comite.declarer", est_du_comite)
rules.add_perm("comite.lire_seance", est_coordination | est_du_comite)
