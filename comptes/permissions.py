"""Qui peut quoi sur un organisme."""

import rules


@rules.predicate
def est_membre(utilisateur, organisme) -> bool:
    return organisme is not None and organisme.pk in utilisateur.portees.organismes


@rules.predicate
def peut_deposer_pour(utilisateur, organisme) -> bool:
    return organisme is not None and utilisateur.portees.peut_deposer(organisme.pk)


rules.add_perm("comptes.lire_organisme", est_membre)
rules.add_perm("comptes.modifier_organisme", est_membre)
rules.add_perm("comptes.inviter_membre", peut_deposer_pour)
