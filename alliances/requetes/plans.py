"""Lectures du plan de travail : celui qui vaut, et tout ce qu'une page en montre."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as L  # noqa: N812

from alliances.enums import EtatEntente, EtatObjectif, EtatPlan, NatureContribution, NiveauPriorite
from alliances.models import (
    Consultation,
    Delegation,
    EngagementPartenaire,
    Entente,
    ObjectifPlan,
    PlanTravail,
    Priorite,
    Territoire,
)
from alliances.regles.plan import etat_objectif, plan_en_retard
from socle.argent import ZERO


def plan_en_vigueur(entente: Entente, territoire: Territoire | None = None) -> PlanTravail | None:
    """Le plan accepté du territoire s'il en a un, sinon celui de l'entente."""
    plans = {plan.territoire_id: plan for plan in PlanTravail.objects.en_vigueur().filter(entente=entente)}
    if territoire is not None and territoire.pk in plans:
        return plans[territoire.pk]
    return plans.get(None)


def plan_de_la_ligne(entente: Entente, territoire: Territoire | None) -> QuerySet[PlanTravail]:
    """Toutes les versions d'un même plan, la plus récente d'abord."""
    return PlanTravail.objects.filter(entente=entente, territoire=territoire).order_by("-version")


def territoires_delegues(entente: Entente, jour: date) -> QuerySet[Territoire]:
    """Les territoires qui ont leur propre plan : ceux qui ont délégation ce jour-là."""
    return Territoire.objects.filter(
        pk__in=Delegation.objects.en_vigueur(jour).filter(entente=entente).values("territoire")
    ).order_by("ordre", "code")


TITRES_NIVEAUX = {
    NiveauPriorite.MINISTERE: L("Du ministère"),
    NiveauPriorite.REGIONALE: L("Régionales"),
    NiveauPriorite.LOCALE: L("Locales"),
}


@dataclass(frozen=True)
class ObjectifLu:
    """Un objectif, son état du jour, et ce qui s'y rattache (posé par qui compose la page)."""

    objectif: ObjectifPlan
    etat: EtatObjectif
    appels: int | None = None
    projets: int | None = None
    soutenus: int | None = None


@dataclass(frozen=True)
class Contribution:
    """Promis et reçu pour une nature de contribution, ou au total, en dollars."""

    libelle: Any
    promis: Decimal
    recu: Decimal


@dataclass(frozen=True)
class LecturePlan:
    """Tout ce que montre une page de plan, dans l'ordre où elle le montre."""

    priorites: list[tuple[Any, list[Priorite]]]
    objectifs: list[ObjectifLu]
    bilan: list[tuple[EtatObjectif, int]]
    zones: list[Any]
    engagements: list[EngagementPartenaire]
    contributions: list[Contribution]
    total: Contribution | None
    consultations: list[Consultation]
    versions: list[PlanTravail]


def lire_plan(plan: PlanTravail, jour: date) -> LecturePlan:
    """Compose la lecture du plan (huit requêtes, quel que soit son contenu)."""
    objectifs = [
        ObjectifLu(objectif, etat_objectif(objectif.echeance, objectif.fait_le, jour))
        for objectif in plan.objectifs.select_related("priorite")
    ]
    engagements = list(plan.engagements.select_related("partenaire"))
    contributions = contributions_de(engagements)
    return LecturePlan(
        priorites=par_niveau(plan.priorites.select_related("territoire").order_by("ordre", "id")),
        objectifs=objectifs,
        bilan=[(etat, sum(o.etat == etat for o in objectifs)) for etat in EtatObjectif],
        zones=list(plan.zones.select_related("territoire").order_by("ordre", "nom")),
        engagements=engagements,
        contributions=contributions,
        total=Contribution("", sum((c.promis for c in contributions), ZERO), sum((c.recu for c in contributions), ZERO))
        if contributions
        else None,
        consultations=list(consultations_du_plan(plan)),
        versions=list(plan_de_la_ligne(plan.entente, plan.territoire)),
    )


def par_niveau(priorites: Iterable[Priorite]) -> list[tuple[Any, list[Priorite]]]:
    """Les priorités par niveau (ministère, régionale, locale); un niveau vide ne paraît pas."""
    liste = list(priorites)
    groupes = [(TITRES_NIVEAUX[niveau], [p for p in liste if p.niveau == niveau]) for niveau in NiveauPriorite]
    return [(libelle, groupe) for libelle, groupe in groupes if groupe]


def contributions_de(engagements: Iterable[EngagementPartenaire]) -> list[Contribution]:
    """Promis et reçu par nature : argent, biens et services, temps."""
    liste = list(engagements)
    return [
        Contribution(
            nature.label,
            sum((e.promis for e in liste if e.nature == nature), ZERO),
            sum((e.recu for e in liste if e.nature == nature), ZERO),
        )
        for nature in NatureContribution
        if any(e.nature == nature for e in liste)
    ]


def consultations_du_plan(plan: PlanTravail) -> QuerySet[Consultation]:
    """Les consultations de l'entente; pour le plan d'un territoire, les siennes."""
    consultations = Consultation.objects.filter(entente=plan.entente)
    if plan.territoire_id is not None:
        consultations = consultations.filter(territoire=plan.territoire)
    return consultations.select_related("territoire").prefetch_related("priorites").order_by("tenue_le", "id")


def avec_totaux(plans: QuerySet[PlanTravail]) -> QuerySet[PlanTravail]:
    """Ajoute promis et reçu (une sous-requête chacun)."""
    return plans.annotate(promis=Sum("engagements__promis"), recu=Sum("engagements__recu"))


def plans_a_travailler(utilisateur: Any) -> QuerySet[PlanTravail]:
    """Les brouillons de la portée : à déposer, ou retournés avec un commentaire; l'échéance la plus proche d'abord."""
    return (
        PlanTravail.objects.visibles_pour(utilisateur)
        .filter(etat=EtatPlan.BROUILLON)
        .select_related("entente__mandataire", "territoire")
        .order_by("echeance", "entente__code", "id")
    )


def plans_a_rappeler(du: date, au: date) -> QuerySet[PlanTravail]:
    """Les brouillons dont l'échéance tombe entre deux jours (compris)."""
    return (
        PlanTravail.objects.filter(Q(echeance__gte=du, echeance__lte=au), etat=EtatPlan.BROUILLON)
        .select_related("entente__mandataire", "territoire")
        .order_by("echeance", "id")
    )


@dataclass(frozen=True)
class LignePlan:
    """Le plan d'une entente ou d'un territoire, vu du ministère : ce qui vaut, ce qui attend, ce qui tarde.

    D'un brouillon, le ministère ne voit que l'échéance et le retour qu'il a fait.
    """

    entente: Entente
    territoire: Territoire | None
    en_vigueur: PlanTravail | None
    depose: PlanTravail | None
    retourne: PlanTravail | None
    echeance: date | None
    en_retard: bool

    @property
    def situation(self) -> str:
        """Une des clés de `SITUATIONS` : la plus pressante."""
        if self.depose:
            return "a_examiner"
        if self.en_retard:
            return "en_retard"
        if self.retourne:
            return "retourne"
        return "en_vigueur" if self.en_vigueur else "attendu"


SITUATIONS = ("a_examiner", "en_retard", "retourne", "attendu", "en_vigueur")


def lignes_de_plan(utilisateur: Any, jour: date) -> list[LignePlan]:
    """Une ligne par plan des ententes de la portée qui courent ou en ont un, la plus pressante d'abord (deux requêtes)."""
    ententes = {
        entente.pk: entente for entente in Entente.objects.visibles_pour(utilisateur).select_related("mandataire")
    }
    versions: dict[tuple[int, int | None], list[PlanTravail]] = {}
    plans = PlanTravail.objects.filter(entente__in=ententes).select_related("territoire").order_by("-version")
    for plan in plans:
        versions.setdefault((plan.entente_id, plan.territoire_id), []).append(plan)
    for entente in ententes.values():
        if entente.etat == EtatEntente.ACTIVE and entente.debut <= jour <= entente.fin:
            versions.setdefault((entente.pk, None), [])
    lignes = [_ligne(ententes[cle[0]], liste, jour) for cle, liste in versions.items()]
    return sorted(
        lignes,
        key=lambda ligne: (
            SITUATIONS.index(ligne.situation),
            ligne.entente.code,
            ligne.territoire.ordre if ligne.territoire else -1,
        ),
    )


def _ligne(entente: Entente, versions: list[PlanTravail], jour: date) -> LignePlan:
    par_etat = {plan.etat: plan for plan in reversed(versions)}  # la version la plus récente l'emporte
    brouillon = par_etat.get(EtatPlan.BROUILLON)
    return LignePlan(
        entente=entente,
        territoire=versions[0].territoire if versions else None,
        en_vigueur=par_etat.get(EtatPlan.ACCEPTE),
        depose=par_etat.get(EtatPlan.DEPOSE),
        retourne=brouillon if brouillon and brouillon.depose_le else None,
        echeance=brouillon.echeance if brouillon else None,
        en_retard=brouillon is not None and plan_en_retard(brouillon.etat, brouillon.echeance, jour),
    )
