"""Ce que l'appel exige d'une demande précise : ses pièces, selon ce qu'on sait d'elle (R36, R37), et leur nombre."""

from copy import copy

from appels.enums import GenreCondition, Gravite
from appels.models import PieceRequise
from appels.regles.conditions import Circonstances, exigee
from projets.enums import EtatProjet
from projets.models import PieceJointe, Projet


def circonstances(projet: Projet) -> Circonstances:
    """Forme, montant et nature de la demande; les pièces déjà fournies, si une condition le demande (une requête)."""
    suit_le_dossier = any(
        condition.genre == GenreCondition.DOSSIER
        for requise in projet.appel.pieces_requises.all()
        for condition in requise.conditions_lues
    )
    return Circonstances(
        forme=projet.organisme.forme,
        montant=projet.montant_demande,
        nature=projet.nature,
        fournies=_deja_fournies(projet) if suit_le_dossier else None,
    )


def _deja_fournies(projet: Projet) -> frozenset[str]:
    """R36 : les codes des pièces que l'organisme a jointes à une autre demande, déposée, chez le même mandataire."""
    return frozenset(
        PieceJointe.objects.filter(
            projet__organisme=projet.organisme_id,
            projet__depose_le__isnull=False,
            projet__entente__mandataire=projet.entente.mandataire_id,
            requise__isnull=False,
        )
        .exclude(projet=projet.pk)
        .values_list("requise__code", flat=True)
    )


def pieces_exigees(projet: Projet) -> list[PieceRequise]:
    """Les pièces qui s'exigent, ou s'exigeront peut-être; celles qui ne s'exigent pas ne se demandent pas.

    Dans le doute (l'effectif, un montant pas inscrit), la pièce dit sa condition et ne bloque pas.
    """
    connues, retenues = circonstances(projet), []
    for requise in projet.appel.pieces_requises.all():
        verdict = exigee(requise.code, requise.conditions_lues, connues)
        if verdict is None:
            requise = _incertaine(requise)
        if verdict is not False:
            retenues.append(requise)
    return retenues


def _incertaine(requise: PieceRequise) -> PieceRequise:
    copie = copy(requise)
    copie.aide = f"{requise.quand}. {requise.aide}".strip()
    copie.gravite = Gravite.AVERTIT if requise.gravite == Gravite.BLOQUE else requise.gravite
    return copie


def deja_deposees(projet: Projet) -> int:
    """Les autres demandes que l'organisme a déposées à cet appel et n'a pas retirées."""
    return (
        Projet.objects.filter(appel=projet.appel_id, organisme=projet.organisme_id, depose_le__isnull=False)
        .exclude(pk__in=[projet.pk, projet.remplace_id or projet.pk])  # une modification remplace sa demande
        .exclude(etat=EtatProjet.RETIRE)
        .count()
    )
