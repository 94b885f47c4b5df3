"""R26, une seule règle : qui voit les notes du comité, et quand. Pages, PDF et admin la lisent toutes ici."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alliances.enums import RoleMembre, TypeComite
from alliances.models import MembreComite
from appels.enums import PhaseComite
from comptes.enums import Role
from projets.enums import EtatEvaluation, LienOrganisme
from projets.models import DeclarationInteret, Evaluation, Projet
from socle.formats import jour_local

COORDINATION, PRESIDENCE, MEMBRE, AUTRE = "coordination", "presidence", "membre", "autre"


@dataclass(frozen=True)
class Vue:
    """Ce qu'une personne voit du travail des autres sur un dossier."""

    notes: bool = False
    noms: bool = False
    dispersion: bool = False


RIEN = Vue()


def ce_qui_se_voit(*, role: str, sienne: str | None, clos: bool, phase: str) -> Vue:
    """R25 et R26. `sienne` : l'état de sa propre évaluation du dossier, nul sans évaluation; `clos` : toutes sont remises.

    - qui doit encore ses notes, ou s'est retiré, ne voit rien, quel que soit son rôle;
    - la coordination voit tout une fois le dossier clos, ou dès la mise en commun;
    - la présidence voit les avis et leur écart dès la mise en commun;
    - un membre voit les avis, sans nom ni écart, dès la mise en commun, s'il a remis les siens.
    """
    if sienne in {EtatEvaluation.ASSIGNEE, EtatEvaluation.EN_COURS, EtatEvaluation.RETIREE}:
        return RIEN
    commun = phase != PhaseComite.LECTURE
    if role == COORDINATION:
        return Vue(notes=True, noms=True, dispersion=True) if commun or clos else RIEN
    if not commun:
        return RIEN
    if role == PRESIDENCE:
        return Vue(notes=True, dispersion=True)
    return Vue(notes=True) if role == MEMBRE and sienne == EtatEvaluation.SOUMISE else RIEN


@dataclass(frozen=True)
class Situation:
    """Ce que la règle lit d'une personne, une fois pour une liste : les comités qu'elle préside, les dossiers dont elle s'est retirée."""

    presides: frozenset[tuple[int, int | None]]
    retires: frozenset[int]


def situation_de(utilisateur: Any, instant: datetime) -> Situation:
    """En deux requêtes. Un intérêt se déclare aussi sans avoir le dossier à noter : il retire autant (R25)."""
    retires = DeclarationInteret.objects.filter(utilisateur=utilisateur, lien=LienOrganisme.CONFLIT)
    return Situation(
        frozenset(presidences(utilisateur, instant)), frozenset(retires.values_list("projet_id", flat=True))
    )


def presidences(utilisateur: Any, instant: datetime) -> set[tuple[int, int | None]]:
    """Les comités d'analyse que préside la personne ce jour-là : (entente, territoire; nul pour toute l'entente)."""
    return set(
        MembreComite.objects.en_vigueur(jour_local(instant))
        .filter(utilisateur=utilisateur, role=RoleMembre.PRESIDENCE, comite__type=TypeComite.ANALYSE)
        .values_list("entente_id", "comite__territoire_id")
    )


def role_de(utilisateur: Any, projet: Projet, presides: Collection[tuple[int, int | None]]) -> str:
    """Ce que la personne est devant ce dossier : la coordination d'abord, puis la présidence, puis un membre."""
    if utilisateur.has_perm("projets.conduire_evaluation", projet):
        return COORDINATION
    territoire = projet.enveloppe.territoire_id if projet.enveloppe else None
    if {(projet.entente_id, None), (projet.entente_id, territoire)} & set(presides):
        return PRESIDENCE
    membre = utilisateur.portees.a_role_chez(projet.entente.mandataire_id, Role.EVALUATION)
    return MEMBRE if membre else AUTRE


def vue_de(
    utilisateur: Any,
    projet: Projet,
    evaluations: Iterable[Evaluation],
    instant: datetime,
    situation: Situation | None = None,
) -> Vue:
    """Ce que `utilisateur` voit des notes du dossier. `situation` : déjà lue, pour une liste."""
    evaluations = list(evaluations)
    situation = situation or situation_de(utilisateur, instant)
    if projet.pk in situation.retires:
        return RIEN
    sienne = next((e.etat for e in evaluations if e.evaluateur_id == utilisateur.pk), None)
    return ce_qui_se_voit(
        role=role_de(utilisateur, projet, situation.presides),
        sienne=sienne,
        clos=not any(e.ouverte for e in evaluations),
        phase=projet.appel.phase_comite_a(instant),
    )
