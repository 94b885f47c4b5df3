"""Les pièces qui manquent à une demande, en SQL : les mêmes que `pieces_attendues`, pour filtrer et compter sans les lire.

Seules comptent les pièces dont on sait qu'elles s'exigent (R36, R37); celles qui dépendent de l'effectif, qu'on ne
connaît pas, avertissent au dossier sans le rendre incomplet.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from appels.enums import GenreCondition, Gravite
from appels.models import PieceRequise
from appels.regles.conditions import Condition, exigee
from projets.enums import A_L_ETUDE
from projets.exigences import circonstances
from projets.models import PieceJointe, Projet

Groupe = tuple[tuple[Condition, ...], list[int]]


def exigences(requises: QuerySet[PieceRequise]) -> list[Groupe]:
    """Les pièces exigibles, groupées par conditions : (conditions, clés des pièces)."""
    groupes: dict[tuple[Condition, ...], list[int]] = {}
    for requise in requises.exclude(gravite=Gravite.AVERTIT).order_by("appel", "ordre"):
        conditions = tuple(requise.conditions_lues)
        if all(condition.genre != GenreCondition.EFFECTIF for condition in conditions):
            groupes.setdefault(conditions, []).append(requise.pk)
    return list(groupes.items())


def _manquantes(cles: Sequence[int], *, au_dossier: bool) -> QuerySet[PieceRequise]:
    """Les pièces du groupe que la demande courante n'a pas; `au_dossier` : ni une autre demande de l'organisme (R36)."""
    siennes = PieceJointe.objects.filter(projet=OuterRef(OuterRef("pk")), requise=OuterRef("pk"))
    manquantes = PieceRequise.objects.filter(~Exists(siennes), appel=OuterRef("appel"), pk__in=cles)
    if au_dossier:
        fournies = PieceJointe.objects.filter(
            projet__organisme=OuterRef(OuterRef("organisme")),
            projet__depose_le__isnull=False,
            projet__entente__mandataire=OuterRef(OuterRef("entente__mandataire")),
            requise__code=OuterRef("code"),
        ).exclude(projet=OuterRef(OuterRef("pk")))
        manquantes = manquantes.filter(~Exists(fournies))
    return manquantes


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
    for conditions, cles in groupes:
        au_dossier = any(condition.genre == GenreCondition.DOSSIER for condition in conditions)
        tenues = Q(Exists(_manquantes(cles, au_dossier=au_dossier)))
        for condition in conditions:
            tenues &= _circonstance(condition)
        manque |= tenues
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
