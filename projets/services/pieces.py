"""Joindre et retirer une pièce : vérifiée à la réception, tenue après le dépôt."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from appels.models import PieceRequise
from comptes.models import Utilisateur
from projets.enums import EtatProjet
from projets.models import PieceJointe, Projet
from projets.pieces import pieces_recevables
from socle.documents import fichiers
from socle.erreurs import Refus
from socle.etats import verifier_droit

ACCES_PIECE = "projet"


@transaction.atomic
def joindre_piece(
    *, projet: Projet, televerse: UploadedFile, requise: PieceRequise | None, auteur: Utilisateur, instant: datetime
) -> PieceJointe:
    """Joint un fichier vérifié. Refuse un fichier inacceptable (cause par cause), un dossier trop lourd, ou un délai passé."""
    verifier_droit(auteur, "projets.joindre_piece", projet, _("Joindre une pièce"))
    if raison := pieces_recevables(projet, instant):
        raise Refus(raison, code="delai")
    total = sum(piece.fichier.taille for piece in projet.pieces.select_related("fichier"))
    if total + (televerse.size or 0) > fichiers.TAILLE_MAX_DOSSIER:
        raise Refus(
            _("Les pièces de cette demande dépasseraient 100 Mo. Réduisez vos fichiers, ou retirez-en."), code="taille"
        )
    fichier = fichiers.recevoir(televerse, acces=ACCES_PIECE, objet_id=projet.pk, depose_par=auteur, instant=instant)
    return PieceJointe.objects.create(projet=projet, requise=requise, fichier=fichier, jointe_le=instant)


@transaction.atomic
def retirer_piece(*, piece: PieceJointe) -> None:
    """Retire une pièce d'un brouillon, fichier compris après validation. Refuse après le dépôt : ce qui est reçu reste."""
    if Projet.objects.select_for_update(of=("self",), no_key=True).get(pk=piece.projet_id).etat != EtatProjet.BROUILLON:
        raise Refus(
            _("La demande est déposée : une pièce reçue ne se retire plus. Joignez la bonne pièce à côté."),
            code="depose",
        )
    fichier = piece.fichier
    piece.delete()
    fichiers.effacer(fichier)
