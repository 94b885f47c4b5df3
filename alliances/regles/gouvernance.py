"""La gouvernance, règles pures : quorum, couverture d'un comité, siège de personne experte de vécu (R43).

Un siège se compte; aucune règle ici ne reçoit le nom d'une personne.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from alliances.enums import EtatAvis, EtatSiege, FamillePartenaire, GroupeAge


@dataclass(frozen=True)
class Quorum:
    """Le quorum d'un comité, en membres votants : `requis` nul quand le comité n'en a pas fixé."""

    requis: int | None
    votants: int

    @property
    def atteignable(self) -> bool:
        """Assez de votants pour tenir une séance, si tous y sont."""
        return self.requis is None or self.votants >= self.requis

    @property
    def manque(self) -> int:
        """Combien de votants manquent pour que le quorum soit possible."""
        return 0 if self.requis is None else max(0, self.requis - self.votants)


def quorum(requis: int | None, membres_votants: int, sieges_pourvus: int) -> Quorum:
    """Un siège de personne experte de vécu, quand il est pourvu, compte comme un votant."""
    return Quorum(requis, membres_votants + sieges_pourvus)


@dataclass(frozen=True)
class Manques:
    """Ce que personne ne représente au comité : familles, groupes d'âge, territoires (par identifiant)."""

    familles: tuple[FamillePartenaire, ...]
    groupes: tuple[GroupeAge, ...]
    territoires: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.familles or self.groupes or self.territoires)


def manques_de_couverture(
    *,
    familles: Iterable[str],
    groupes: Iterable[str],
    territoires: Iterable[int | None],
    territoires_attendus: Iterable[int],
) -> Manques:
    """Les huit familles, les trois groupes d'âge et les territoires attendus que personne ne représente."""
    familles, groupes, territoires = set(familles), set(groupes), set(territoires)
    return Manques(
        tuple(famille for famille in FamillePartenaire if famille not in familles),
        tuple(groupe for groupe in GroupeAge if groupe not in groupes),
        tuple(territoire for territoire in territoires_attendus if territoire not in territoires),
    )


def drapeau_vecu(etats_des_sieges: Iterable[str]) -> bool:
    """R43 : drapeau rouge quand aucun siège de personne experte de vécu de l'entente n'est pourvu."""
    return EtatSiege.POURVU not in set(etats_des_sieges)


def avis_en_retard(etat: str, attendu_le: date | None, jour: date) -> bool:
    """Un avis demandé, sans réponse le lendemain de la date attendue."""
    return etat == EtatAvis.DEMANDE and attendu_le is not None and attendu_le < jour
