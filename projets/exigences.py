"""Ce que l'appel exige d'une demande précise : ses pièces, selon ce qu'on sait d'elle (R36, R37), et le nombre de demandes."""

from collections.abc import Iterable
from dataclasses import dataclass

from appels.enums import GenreCondition, GenreQuestion, Gravite
from appels.models import PieceRequise
from appels.regles.conditions import Circonstances, exigee
from projets.champs import questions_posees
from projets.enums import EtatProjet
from projets.models import PieceJointe, Projet


@dataclass(frozen=True)
class Exigence:
    """Un document que la demande doit, ou peut, porter : une pièce de l'appel, ou une question du formulaire qui veut un fichier."""

    cle: str
    libelle: str
    aide: str
    gravite: str
    requise: PieceRequise | None = None
    question: str = ""

    @property
    def mot_de_gravite(self) -> str:
        return str(Gravite(self.gravite).label) if self.gravite else ""

    def remplie_par(self, piece: PieceJointe) -> bool:
        if self.question:
            return piece.question == self.question
        return self.requise is not None and piece.requise_id == self.requise.pk

    def remplie(self, pieces: Iterable[PieceJointe]) -> bool:
        return any(self.remplie_par(piece) for piece in pieces)


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


def exigences_de(projet: Projet) -> list[Exigence]:
    """Les pièces de l'appel qui s'exigent, ou s'exigeront peut-être, puis les fichiers que le formulaire demande.

    Ce qui ne s'exige pas ne se demande pas. Dans le doute (l'effectif, un montant pas inscrit), la pièce dit sa condition
    et ne bloque pas.
    """
    connues, retenues = circonstances(projet), []
    for requise in projet.appel.pieces_requises.all():
        verdict = exigee(requise.code, requise.conditions_lues, connues)
        if verdict is not False:
            retenues.append(_de_la_piece(requise, certaine=verdict is True))
    for _section, question in questions_posees(projet):
        if question.genre == GenreQuestion.FICHIER:
            retenues.append(
                Exigence(
                    f"question-{question.cle}",
                    question.libelle,
                    question.aide,
                    question.gravite,
                    question=question.cle,
                )
            )
    return retenues


def _de_la_piece(requise: PieceRequise, *, certaine: bool) -> Exigence:
    aide, gravite = requise.aide, requise.gravite
    if not certaine:
        aide = f"{requise.quand}. {requise.aide}".strip()
        gravite = Gravite.AVERTIT if gravite == Gravite.BLOQUE else gravite
    return Exigence(f"piece-{requise.pk}", requise.libelle, aide, gravite, requise=requise)


def exigence(projet: Projet, cle: str) -> Exigence | None:
    """L'exigence de cette clé, parmi celles de la demande; nulle : un document libre."""
    return next((e for e in exigences_de(projet) if e.cle == cle), None)


def deja_deposees(projet: Projet) -> int:
    """Les autres demandes que l'organisme a déposées à cet appel et n'a pas retirées."""
    return (
        Projet.objects.filter(appel=projet.appel_id, organisme=projet.organisme_id, depose_le__isnull=False)
        .exclude(pk__in=[projet.pk, projet.remplace_id or projet.pk])  # une modification remplace sa demande
        .exclude(etat=EtatProjet.RETIRE)
        .count()
    )
