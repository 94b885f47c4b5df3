"""Un appel et ce que sa page montre, en peu de requêtes : les listes courtes viennent avec lui, en JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import JSONObject

from appels.enums import ModeDepot
from appels.models import Appel, ProlongationDepot, QuestionPublique
from appels.requetes.offres import sous_embargo, tableau_offres
from comptes.enums import FormeJuridique
from socle.formats import jours_restants


@dataclass(frozen=True)
class Prolongee:
    """Une prolongation, telle que le public la lit."""

    instant: datetime
    ancienne: datetime
    motif: str


@dataclass(frozen=True)
class Reponse:
    """Une question et sa réponse publiées."""

    question: str
    reponse: str
    publiee_le: datetime


def avec_la_page(appels: QuerySet[Appel]) -> QuerySet[Appel]:
    """L'appel, son mandataire, son plan, ses listes; prolongations et réponses dans la même requête que lui."""
    return (
        appels.select_related("entente__mandataire__logo", "plan")
        .annotate(
            embargo_depuis=Subquery(sous_embargo(OuterRef("entente")).values("ouverture")[:1]),
            prolongations_json=ArraySubquery(
                ProlongationDepot.objects.filter(appel=OuterRef("pk"))
                .order_by("-instant")
                .values(j=JSONObject(instant="instant", ancienne="ancienne", motif="motif"))
            ),
            reponses_json=ArraySubquery(
                QuestionPublique.objects.publiees()
                .filter(appel=OuterRef("pk"))
                .order_by("-publiee_le", "-pk")
                .values(j=JSONObject(question="question", reponse="reponse", publiee_le="publiee_le"))
            ),
        )
        .prefetch_related(None)
        .prefetch_related("pieces_requises", "criteres", "etapes", "plan__priorites")
    )


def _instants(rangees: Iterable[dict[str, Any]], *noms: str) -> list[dict[str, Any]]:
    return [{**r, **{nom: datetime.fromisoformat(r[nom]) for nom in noms}} for r in rangees]


def prolongations_de(appel: Any) -> list[Prolongee]:
    """Les prolongations d'un appel lu par `avec_la_page`, la dernière d'abord."""
    return [Prolongee(**r) for r in _instants(appel.prolongations_json, "instant", "ancienne")]


def reponses_de(appel: Any) -> list[Reponse]:
    """Les réponses publiées d'un appel lu par `avec_la_page`, la plus récente d'abord."""
    return [Reponse(**r) for r in _instants(appel.reponses_json, "publiee_le")]


def contexte_page(appel: Appel, instant: datetime) -> dict[str, Any]:
    """Ce que montrent la page d'un appel, son aperçu et son guide."""
    if appel.mode == ModeDepot.PERIODES:
        prefetch_related_objects([appel], "periodes")
    tableau = tableau_offres(appel, public=True)
    prolongations = prolongations_de(appel)
    return {
        "appel": appel,
        "plan": appel.plan,
        "phase": appel.phase_a(instant),
        "tableau": tableau,
        "aide": appel.aide,
        "instant": instant,
        "ouverture": appel.ouverture_a(instant),
        "formes": [forme.label for forme in FormeJuridique if forme in appel.formes_admissibles],
        "restants": jours_restants(appel.fermeture_a(instant), instant, appel.fuseau),
        "periodes": list(appel.periodes.all()) if appel.mode == ModeDepot.PERIODES else [],
        "prolongation": prolongations[0] if prolongations else None,
        "reponses": reponses_de(appel),
    }
