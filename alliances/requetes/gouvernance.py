"""Lectures de la gouvernance : un comité, son quorum, ce qui lui manque; les ententes sans siège pourvu (R43)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from alliances.enums import EtatAvis, EtatEntente, EtatSiege, RoleMembre
from alliances.models import AvisSectoriel, Comite, Entente, MembreComite, SiegeVecu, Territoire
from alliances.regles.gouvernance import Quorum, drapeau_vecu, manques_de_couverture, quorum


@dataclass(frozen=True)
class LectureComite:
    """Un comité à une date : membres en fonction, anciens, sièges, quorum, ce que personne ne représente."""

    membres: list[MembreComite]
    anciens: list[MembreComite]
    sieges: list[SiegeVecu]
    quorum: Quorum
    familles: list[Any]
    groupes: list[Any]
    territoires: list[Territoire]
    sans_vecu: bool
    avis: list[AvisSectoriel]

    @property
    def manques(self) -> bool:
        return bool(self.familles or self.groupes or self.territoires)


def lire_comite(comite: Comite, jour: date) -> LectureComite:
    """Compose la lecture du comité (six requêtes, quel que soit son contenu)."""
    roles = list(RoleMembre)
    tous = sorted(
        comite.membres.select_related("territoire").order_by("nom", "id"), key=lambda m: roles.index(RoleMembre(m.role))
    )
    membres = [m for m in tous if m.depuis <= jour and (m.jusqua is None or m.jusqua >= jour)]
    sieges = list(comite.sieges.order_by("rang"))
    attendus = {t.pk: t for t in territoires_attendus(comite)}
    manques = manques_de_couverture(
        familles=[m.secteur for m in membres],
        groupes=[m.groupe_age for m in membres],
        territoires=[m.territoire_id for m in membres],
        territoires_attendus=attendus,
    )
    return LectureComite(
        membres=membres,
        anciens=[m for m in tous if m not in membres],
        sieges=sieges,
        quorum=quorum(comite.quorum, sum(m.vote for m in membres), sum(s.etat == EtatSiege.POURVU for s in sieges)),
        familles=[famille.label for famille in manques.familles],
        groupes=[groupe.label for groupe in manques.groupes],
        territoires=[attendus[cle] for cle in manques.territoires],
        sans_vecu=sans_siege_pourvu(comite.entente, jour),
        avis=list(comite.avis.select_related("plan__entente", "plan__territoire").order_by("-demande_le", "-id")),
    )


def territoires_attendus(comite: Comite) -> list[Territoire]:
    """Ceux que le comité devrait représenter : tous ceux de l'entente, ou ceux qui font partie du sien."""
    return list(Territoire.objects.filter(entente=comite.entente, parent=comite.territoire).order_by("ordre", "code"))


def sieges_en_vigueur(ententes: Iterable[Entente] | QuerySet[Entente], jour: date) -> QuerySet[SiegeVecu]:
    """Les sièges des comités qui existent ce jour-là."""
    return SiegeVecu.objects.filter(
        Q(comite__jusqua__isnull=True) | Q(comite__jusqua__gte=jour), comite__depuis__lte=jour, entente__in=ententes
    )


def sans_siege_pourvu(entente: Entente, jour: date) -> bool:
    """R43 : vrai quand aucun siège de personne experte de vécu de l'entente n'est pourvu."""
    return drapeau_vecu(sieges_en_vigueur([entente], jour).values_list("etat", flat=True))


def ententes_sans_vecu(ententes: QuerySet[Entente], jour: date) -> list[Entente]:
    """R43 : les ententes en cours, sans siège pourvu (deux requêtes)."""
    en_cours = list(
        ententes.filter(etat=EtatEntente.ACTIVE, debut__lte=jour, fin__gte=jour)
        .select_related("mandataire")
        .order_by("code")
    )
    etats: dict[int, list[str]] = {entente.pk: [] for entente in en_cours}
    for cle, etat in sieges_en_vigueur(en_cours, jour).values_list("entente_id", "etat"):
        etats[cle].append(etat)
    return [entente for entente in en_cours if drapeau_vecu(etats[entente.pk])]


def sieges_vacants(utilisateur: Any, jour: date) -> QuerySet[SiegeVecu]:
    """Les sièges à pourvoir, dans la portée : vacants, ou dont l'invitation est faite."""
    ententes = Entente.objects.visibles_pour(utilisateur)
    return (
        sieges_en_vigueur(ententes, jour)
        .exclude(etat=EtatSiege.POURVU)
        .select_related("comite", "entente")
        .order_by("entente__code", "comite__nom", "rang")
    )


def avis_attendus(utilisateur: Any, jour: date) -> QuerySet[AvisSectoriel]:
    """Les avis demandés dont la date attendue est passée, dans la portée."""
    return (
        AvisSectoriel.objects.visibles_pour(utilisateur)
        .filter(etat=EtatAvis.DEMANDE, attendu_le__lt=jour)
        .select_related("entente", "plan__entente", "plan__territoire")
        .order_by("attendu_le", "id")
    )
