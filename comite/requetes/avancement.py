"""Où en est le comité d'un appel : qui a remis quoi, ce qui tarde, ce qui diverge."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from appels.models import Appel
from comite.regles.dispersion import Dispersion, dispersion
from comptes.models import Utilisateur
from projets.enums import EVALUATIONS_OUVERTES, EVALUATIONS_SORTIES, EtatEvaluation, EtatProjet, LienOrganisme
from projets.models import Evaluation, Note, Projet
from projets.visibilite import situation_de, vue_de


@dataclass
class LigneMembre:
    """Une personne : ce qu'elle a, ce qu'elle a remis, ce qui tarde, ce dont elle s'est retirée, ce dont elle veut parler."""

    membre: Utilisateur
    confiees: int = 0
    remises: int = 0
    retards: list[Evaluation] = field(default_factory=list)
    doutes: list[Evaluation] = field(default_factory=list)
    retraits: int = 0
    relancee_le: datetime | None = None

    @property
    def restent(self) -> int:
        return self.confiees - self.remises


@dataclass(frozen=True)
class LigneDossier:
    """Une demande : ses évaluations, combien sont remises, et leur écart s'il se voit."""

    projet: Projet
    evaluations: list[Evaluation]
    remises: int
    d: Dispersion | None

    @property
    def confiees(self) -> int:
        return len(self.evaluations)


@dataclass(frozen=True)
class LigneEcart:
    """Une demande dont l'écart se voit : la dispersion, et les critères dont la moyenne est sous le seuil."""

    projet: Projet
    d: Dispersion
    sous_seuil: str


@dataclass(frozen=True)
class Avancement:
    """La page de la coordination."""

    membres: list[LigneMembre]
    dossiers: list[LigneDossier]
    confiees: int
    remises: int
    retards: int
    a_confier: int

    @property
    def pourcent(self) -> int:
        return round(100 * self.remises / self.confiees) if self.confiees else 0


DEVANT_LE_COMITE = (EtatProjet.ADMISSIBLE, EtatProjet.EN_EVALUATION, EtatProjet.RECOMMANDE, EtatProjet.NON_RECOMMANDE)


def _avec_evaluations(projets: QuerySet[Projet]) -> list[Projet]:
    return list(
        projets.select_related("organisme", "enveloppe", "appel", "entente__mandataire")
        .prefetch_related(
            "appel__phases_comite",
            Prefetch(
                "evaluations",
                Evaluation.objects.select_related("evaluateur", "projet__appel")
                .annotate(relancee_le=Max("relances__instant"))
                .order_by("evaluateur__nom", "id"),
            ),
        )
        .order_by("numero")
    )


def avancement(appel: Appel, utilisateur: Any, instant: datetime) -> Avancement:
    """Tout l'avancement d'un appel, en un nombre fixe de requêtes; les écarts selon la phase et la personne (R26)."""
    projets = _avec_evaluations(Projet.objects.filter(appel=appel).filter(_suivis()).distinct())
    situation = situation_de(utilisateur, instant)
    membres: dict[int, LigneMembre] = {}
    dossiers = []
    for projet in projets:
        evaluations = list(projet.evaluations.all())
        for evaluation in evaluations:
            _compter(membres, evaluation, instant)
        vue = vue_de(utilisateur, projet, evaluations, instant, situation)
        actives = [e for e in evaluations if e.etat not in EVALUATIONS_SORTIES]
        remises = [e for e in actives if e.etat == EtatEvaluation.SOUMISE]
        ecart = dispersion([e.note for e in remises if e.note is not None]) if vue.dispersion else None
        dossiers.append(LigneDossier(projet, actives, len(remises), ecart))
    lignes = sorted(membres.values(), key=lambda m: (-len(m.retards), -m.restent, str(m.membre)))
    return Avancement(
        lignes,
        dossiers,
        sum(m.confiees for m in lignes),
        sum(m.remises for m in lignes),
        sum(len(m.retards) for m in lignes),
        sum(not ligne.evaluations and ligne.projet.etat == EtatProjet.ADMISSIBLE for ligne in dossiers),
    )


def _suivis() -> Q:
    return Q(etat__in=DEVANT_LE_COMITE) | Q(evaluations__isnull=False)


def _compter(membres: dict[int, LigneMembre], evaluation: Evaluation, instant: datetime) -> None:
    ligne = membres.setdefault(evaluation.evaluateur_id, LigneMembre(evaluation.evaluateur))
    if evaluation.etat == EtatEvaluation.RETIREE:
        ligne.retraits += 1
    if evaluation.etat in EVALUATIONS_SORTIES:
        return
    ligne.confiees += 1
    ligne.remises += evaluation.etat == EtatEvaluation.SOUMISE
    if evaluation.en_retard(instant):
        ligne.retards.append(evaluation)
    if evaluation.etat == EtatEvaluation.ASSIGNEE and evaluation.lien == LienOrganisme.DOUTE:
        ligne.doutes.append(evaluation)
    relancee = getattr(evaluation, "relancee_le", None)
    if relancee and (ligne.relancee_le is None or relancee > ligne.relancee_le):
        ligne.relancee_le = relancee


def ecarts(appel: Appel, utilisateur: Any, instant: datetime) -> list[LigneEcart]:
    """Les dossiers dont la personne voit l'écart, les plus divergents d'abord."""
    situation = situation_de(utilisateur, instant)
    visibles: list[tuple[Projet, Dispersion]] = []
    for projet in _avec_evaluations(Projet.objects.filter(appel=appel, evaluations__isnull=False).distinct()):
        evaluations = list(projet.evaluations.all())
        if not vue_de(utilisateur, projet, evaluations, instant, situation).dispersion:
            continue
        ecart = dispersion([e.note for e in evaluations if e.etat == EtatEvaluation.SOUMISE and e.note is not None])
        if ecart is not None:
            visibles.append((projet, ecart))
    seuils = _sous_les_seuils([projet.pk for projet, _ecart in visibles])
    lignes = [LigneEcart(projet, ecart, ", ".join(seuils[projet.pk])) for projet, ecart in visibles]
    return sorted(lignes, key=lambda ligne: (-ligne.d.etendue, ligne.projet.numero or ""))


def _sous_les_seuils(projets: Iterable[int]) -> dict[int, list[str]]:
    """Projet → critères dont la moyenne des notes remises est sous le seuil."""
    sommes: dict[tuple[int, Any], list[int]] = defaultdict(list)
    for note in (
        Note.objects.filter(
            evaluation__projet__in=list(projets),
            evaluation__etat=EtatEvaluation.SOUMISE,
            valeur__isnull=False,
            critere__seuil__isnull=False,
        )
        .select_related("critere", "evaluation")
        .order_by("critere__ordre")
    ):
        sommes[note.evaluation.projet_id, note.critere].append(note.valeur)  # type: ignore[arg-type]
    sous: dict[int, list[str]] = defaultdict(list)
    for (projet, critere), valeurs in sommes.items():
        if sum(valeurs) < critere.seuil * len(valeurs):
            sous[projet].append(critere.libelle)
    return sous


def en_retard(appel: Appel, instant: datetime) -> list[Evaluation]:
    """Les évaluations de l'appel à relancer : leur limite est passée."""
    return list(
        Evaluation.objects.filter(projet__appel=appel, etat__in=EVALUATIONS_OUVERTES, limite__lte=instant)
        .select_related("projet__organisme", "projet__appel", "evaluateur", "entente__mandataire")
        .annotate(relancee_le=Max("relances__instant"))
        .order_by("evaluateur__nom", "projet__numero")
    )


def appels_du_comite(appels: QuerySet) -> QuerySet:
    """Les colonnes de la liste des appels : confiées, remises, en retard."""
    return appels.annotate(
        confiees=Count("projets__evaluations", filter=~Q(projets__evaluations__etat__in=EVALUATIONS_SORTIES)),
        remises=Count("projets__evaluations", filter=Q(projets__evaluations__etat=EtatEvaluation.SOUMISE)),
    )
