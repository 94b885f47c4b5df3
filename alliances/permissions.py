"""Rôles tirés des affectations, et permissions sur ce qui relève d'une entente."""

from collections.abc import Iterator
from typing import Any

import rules

from alliances.models import Mandataire
from comptes.enums import EQUIPE, Role
from comptes.portees import RolePortee, fournir_roles
from socle.horloge import aujourd_hui


@fournir_roles
def roles_des_affectations(utilisateur: Any) -> Iterator[RolePortee]:
    """Un rôle par affectation en vigueur aujourd'hui."""
    for affectation in utilisateur.affectations.en_vigueur(aujourd_hui()).select_related("mandataire"):
        yield RolePortee(
            affectation.role,
            affectation.mandataire_id,
            affectation.region_id,
            affectation.mandataire.code if affectation.mandataire else "",
            affectation.territoire_id,
        )


def mandataire_de(objet: Any) -> Mandataire:
    """Le mandataire dont relève l'objet, par son entente s'il en a une. Lève `TypeError` pour ce qui n'en a pas."""
    if isinstance(objet, Mandataire):
        return objet
    entente = getattr(objet, "entente", None) or (objet if hasattr(objet, "mandataire_id") else None)
    if entente is None:
        raise TypeError(f"{type(objet).__name__} ne relève d'aucun mandataire.")
    return entente.mandataire


def predicat_role(*roles: str) -> rules.Predicate:
    """Prédicat : la personne a l'un des rôles chez le mandataire de l'objet; sans objet, où que ce soit."""

    @rules.predicate(f"role:{'|'.join(roles)}")
    def a_le_role(utilisateur: Any, objet: Any) -> bool:
        if not hasattr(utilisateur, "portees"):
            return False
        if objet is None:
            return utilisateur.portees.a_role(*roles)
        if hasattr(objet, "mandataire_code"):
            return objet.mandataire_code in utilisateur.portees.codes_mandataires(*roles)
        return utilisateur.portees.a_role_chez(mandataire_de(objet).pk, *roles)

    return a_le_role


@rules.predicate
def est_ministere(utilisateur: Any, objet: Any) -> bool:
    """La personne est du ministère; une direction régionale ne voit que sa région."""
    if not hasattr(utilisateur, "portees"):
        return False
    for porte in utilisateur.portees.roles:
        if porte.role == Role.MINISTERE and (
            porte.region_id is None or objet is None or mandataire_de(objet).region_id == porte.region_id
        ):
            return True
    return False


est_coordination = predicat_role(Role.COORDINATION)
est_equipe = predicat_role(*EQUIPE)
est_agent = predicat_role(Role.AGENT)
paie = predicat_role(Role.TRESORERIE, Role.FINANCES)

rules.add_perm("alliances.lire_entente", est_equipe | est_agent | est_ministere)
rules.add_perm("alliances.lire_grand_livre", est_equipe | est_ministere)
rules.add_perm("alliances.lire_courriels", est_coordination)
# Le contrat : le ministère écrit et décide, la coordination lit et répartit.
rules.add_perm("alliances.lister_ententes", est_ministere)
rules.add_perm("alliances.gerer_entente", est_ministere)
rules.add_perm("alliances.repartir", est_coordination)
rules.add_perm("alliances.verser_engagement", paie)
rules.add_perm("alliances.recouvrer", est_coordination | paie)
# Le territoire, le plan, la gouvernance, l'image, les accès : la coordination; le plan se juge au ministère.
rules.add_perm("alliances.gerer_territoires", est_coordination)
rules.add_perm("alliances.lire_plan", est_equipe | est_agent | est_ministere)
rules.add_perm("alliances.ecrire_plan", est_coordination)
rules.add_perm("alliances.juger_plan", est_ministere)
rules.add_perm("alliances.lire_gouvernance", est_equipe | est_ministere)
rules.add_perm("alliances.gerer_gouvernance", est_coordination)
rules.add_perm("alliances.modifier_image", est_coordination)
rules.add_perm("alliances.lire_acces", est_coordination)
rules.add_perm("alliances.gerer_acces", est_coordination)
