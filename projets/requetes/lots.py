"""Lire une sélection pour un lot, en un nombre fixe de requêtes."""

from django.db.models import QuerySet

from appels.models import PieceRequise
from projets.models import Projet
from projets.requetes.manques import exigences, incomplet


def pour_un_lot(projets: QuerySet[Projet]) -> QuerySet[Projet]:
    """Ce que les prévisions lisent : règles chiffrées, dépôts, pièces, responsable."""
    return projets.select_related(
        "appel__entente__mandataire",
        "entente__mandataire",
        "organisme",
        "enveloppe",
        "priorite",
        "formulaire",
        "responsable",
        "remplace",
        "decision",
    ).prefetch_related("depenses", "financements", "depots", "pieces", "appel__pieces_requises", "appel__periodes")


def avec_manques(projets: QuerySet[Projet]) -> QuerySet[Projet]:
    """`manque` : il lui manque une pièce exigée; précisions lues avec leurs champs."""
    requises = PieceRequise.objects.filter(appel__in=projets.order_by().values("appel"))
    annotees = pour_un_lot(projets).annotate(manque=incomplet(exigences(requises)))
    return annotees.prefetch_related("precisions__champs")
