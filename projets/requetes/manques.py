"""Les pièces qui manquent à une demande, en SQL : les mêmes que `pieces_attendues`, pour filtrer et compter sans les lire.

Seules comptent les pièces dont on sait qu'elles s'exigent (R36, R37); celles qui dépendent de l'effectif, qu'on ne
connaît pas, avertissent au dossier sans le rendre incomplet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from appels.enums import GenreCondition, Gravite
from appels.models import PieceRequise
from appels.regles.conditions import Condition, exigee
from projets.enums import A_L_ETUDE
from projets.exigences import circonstances
from projets.models import PieceJointe, Projet


@dataclass
class Groupe:
    """Des pièces qui s'exigent aux mêmes conditions; `fournie` : (mandataire, code) d'une pièce qui se donne une fois (R36)."""

    conditions: tuple[Condition, ...]
    fournie: tuple[int, str] | None
    cles: list[int] = field(default_factory=list)


def exigences(requises: QuerySet[PieceRequise]) -> list[Groupe]:
    """Les pièces exigibles, groupées par conditions (une requête)."""
    groupes: dict[Any, Groupe] = {}
    for requise in requises.exclude(gravite=Gravite.AVERTIT).select_related("entente").order_by("appel", "ordre"):
        conditions = tuple(requise.conditions_lues)
        genres = {condition.genre for condition in conditions}
        if GenreCondition.EFFECTIF in genres:
            continue
        une_fois = GenreCondition.DOSSIER in genres
        fournie = (requise.entente.mandataire_id, requise.code) if une_fois else None
        groupes.setdefault((conditions, fournie), Groupe(conditions, fournie)).cles.append(requise.pk)
    return list(groupes.values())


def _manque_du_groupe(groupe: Groupe) -> Q:
    """La demande n'a pas une des pièces du groupe; une pièce qui se donne une fois, son organisme ne l'a jamais donnée."""
    siennes = PieceJointe.objects.filter(projet=OuterRef(OuterRef("pk")), requise=OuterRef("pk"))
    absentes = PieceRequise.objects.filter(~Exists(siennes), appel=OuterRef("appel"), pk__in=groupe.cles)
    manque = Q(Exists(absentes))
    if groupe.fournie is not None:
        mandataire, code = groupe.fournie
        donnees = PieceJointe.objects.filter(
            projet__depose_le__isnull=False, projet__entente__mandataire=mandataire, requise__code=code
        )
        manque &= ~Q(organisme__in=donnees.values("projet__organisme"))
    for condition in groupe.conditions:
        manque &= _circonstance(condition)
    return manque


def _circonstance(condition: Condition) -> Q:
    if condition.genre == GenreCondition.FORME:
        return Q(organisme__forme__in=condition.valeurs)
    if condition.genre == GenreCondition.NATURE:
        return Q(nature__in=condition.valeurs)
    if condition.genre == GenreCondition.MONTANT:
        return Q(montant_demande__gte=condition.seuil)
    return Q()


def incomplet(groupes: Iterable[Groupe]) -> Case:
    """Vrai pour une demande à l'étude à qui il manque une pièce exigée."""
    manque = Q(pk__in=[])
    for groupe in groupes:
        manque |= _manque_du_groupe(groupe)
    return Case(
        When(Q(etat__in=A_L_ETUDE) & manque, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def pieces_attendues(projet: Projet, jointes: Iterable[Any]) -> list[PieceRequise]:
    """Les pièces qui s'exigent à coup sûr et que la demande n'a pas, dans l'ordre de l'appel."""
    connues, presentes = circonstances(projet), {piece.requise_id for piece in jointes}
    return [
        requise
        for requise in projet.appel.pieces_requises.all()
        if requise.gravite != Gravite.AVERTIT
        and requise.pk not in presentes
        and exigee(requise.code, requise.conditions_lues, connues) is True
    ]
