"""Les portées d'une personne : ses organismes et ses rôles, lus une fois par requête (décision 15)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class RolePortee:
    """Un rôle et sur quoi il porte; tout est nul pour le ministère central."""

    role: str
    mandataire_id: int | None = None
    region_id: int | None = None
    mandataire_code: str = ""
    territoire_id: int | None = None


FournisseurRoles = Callable[[Any], Iterable[RolePortee]]
_fournisseurs: list[FournisseurRoles] = []


def fournir_roles(fonction: FournisseurRoles) -> FournisseurRoles:
    """Enregistre qui donne les rôles (alliances, où vit `Affectation` : les flèches interdisent de l'importer d'ici)."""
    _fournisseurs.append(fonction)
    return fonction


class Portees:
    """Rôles et organismes d'une personne. Une personne anonyme ou inactive n'en a aucun."""

    def __init__(self, utilisateur: Any) -> None:
        self.utilisateur = utilisateur

    @cached_property
    def _adhesions(self) -> dict[int, Any]:
        if not self.utilisateur.is_active:
            return {}
        return {a.organisme_id: a for a in self.utilisateur.adhesions.filter(retiree_le__isnull=True)}

    @cached_property
    def roles(self) -> list[RolePortee]:
        if not self.utilisateur.is_active:
            return []
        return [role for fournisseur in _fournisseurs for role in fournisseur(self.utilisateur)]

    @property
    def organismes(self) -> list[int]:
        """Clés des organismes dont la personne est membre."""
        return list(self._adhesions)

    def peut_deposer(self, organisme_id: int) -> bool:
        """La personne a le mandat de déposer pour cet organisme."""
        adhesion = self._adhesions.get(organisme_id)
        return adhesion is not None and adhesion.mandat_de_deposer

    def signe(self, organisme_id: int) -> bool:
        """La personne signe les conventions de cet organisme."""
        adhesion = self._adhesions.get(organisme_id)
        return adhesion is not None and adhesion.signataire

    def a_role(self, *roles: str) -> bool:
        """La personne a l'un des rôles, où que ce soit."""
        return any(porte.role in roles for porte in self.roles)

    def mandataires(self, *roles: str) -> set[int]:
        """Mandataires où la personne a l'un des rôles (tous les rôles si aucun n'est dit)."""
        return {
            porte.mandataire_id
            for porte in self.roles
            if porte.mandataire_id is not None and (not roles or porte.role in roles)
        }

    def codes_mandataires(self, *roles: str) -> set[str]:
        """Codes des mêmes mandataires."""
        return {p.mandataire_code for p in self.roles if p.mandataire_code and (not roles or p.role in roles)}

    def territoires(self, *roles: str) -> set[int]:
        """Territoires où la personne a l'un des rôles."""
        return {p.territoire_id for p in self.roles if p.territoire_id is not None and p.role in roles}

    def a_role_chez(self, mandataire_id: int, *roles: str) -> bool:
        """La personne a l'un des rôles chez ce mandataire."""
        return mandataire_id in self.mandataires(*roles)

    @property
    def ministere(self) -> bool:
        """La personne est du ministère."""
        return any(porte.role == "ministere" for porte in self.roles)
