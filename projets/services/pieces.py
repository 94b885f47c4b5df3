"""Joindre, réutiliser et retirer une pièce : vérifiée à la réception, tenue après le dépôt."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from comptes.models import DocumentPermanent, Utilisateur
from projets.enums import EtatProjet
from projets.exigences import Exigence
from projets.models import PieceJointe, Projet
from projets.pieces import pieces_recevables
from socle.documents import fichiers
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.formats import jour_local
from socle.models import Fichier
from socle.models.fichier import EtatAnalyse

ACCES_PIECE = "projet"
FICHIERS_MAX = 20


def _preparer(projet: Projet, poids: int, auteur: Utilisateur, instant: datetime) -> None:
    """Le droit, le délai, la place : deux envois simultanés ne dépassent pas ensemble la limite du dossier."""
    verifier_droit(auteur, "projets.joindre_piece", projet, _("Joindre une pièce"))
    Projet.objects.select_for_update(of=("self",), no_key=True).get(pk=projet.pk)
    if raison := pieces_recevables(projet, instant):
        raise Refus(raison, code="delai")
    total = sum(piece.fichier.taille for piece in projet.pieces.select_related("fichier"))
    if total + poids > fichiers.TAILLE_MAX_DOSSIER:
        raise Refus(
            _("Les pièces de cette demande dépasseraient 100 Mo. Réduisez vos fichiers, ou retirez-en."), code="taille"
        )


def _poser(projet: Projet, fichier: Fichier, pour: Exigence | None, instant: datetime) -> PieceJointe:
    return PieceJointe.objects.create(
        projet=projet,
        requise=pour.requise if pour else None,
        question=pour.question if pour else "",
        fichier=fichier,
        jointe_le=instant,
    )


@transaction.atomic
def joindre_piece(
    *, projet: Projet, televerse: UploadedFile, pour: Exigence | None, auteur: Utilisateur, instant: datetime
) -> PieceJointe:
    """Joint un fichier vérifié. Refuse un fichier inacceptable (cause par cause), un dossier trop lourd, ou un délai passé."""
    _preparer(projet, televerse.size or 0, auteur, instant)
    fichier = fichiers.recevoir(televerse, acces=ACCES_PIECE, objet_id=projet.pk, depose_par=auteur, instant=instant)
    return _poser(projet, fichier, pour, instant)


@transaction.atomic
def joindre_fichiers(
    *,
    projet: Projet,
    televerses: Sequence[UploadedFile],
    pour: Exigence | None,
    auteur: Utilisateur,
    instant: datetime,
) -> list[PieceJointe]:
    """Joint tous les fichiers ou aucun; plusieurs photos font un seul PDF, une photo par page. Refuse comme `joindre_piece`."""
    if len(televerses) > FICHIERS_MAX:
        raise Refus(_("Joignez au plus {n} fichiers à la fois.").format(n=FICHIERS_MAX), code="nombre", champ="fichier")
    commun: dict[str, Any] = {"auteur": auteur, "instant": instant}
    if len(televerses) > 1 and fichiers.toutes_photos(televerses):
        _preparer(projet, sum(televerse.size or 0 for televerse in televerses), **commun)
        fichier = fichiers.reunir_photos(
            televerses, acces=ACCES_PIECE, objet_id=projet.pk, depose_par=auteur, instant=instant
        )
        return [_poser(projet, fichier, pour, instant)]
    return [joindre_piece(projet=projet, televerse=t, pour=pour, **commun) for t in televerses]


@transaction.atomic
def reutiliser_document(
    *,
    projet: Projet,
    document: DocumentPermanent,
    pour: Exigence | None,
    auteur: Utilisateur,
    instant: datetime,
) -> PieceJointe:
    """Joint une copie d'un document du dossier permanent : l'original peut changer, la pièce reste.

    Refuse : un document d'un autre organisme, expiré ou infecté; un dossier trop lourd, un délai passé.
    """
    if document.organisme_id != projet.organisme_id:
        raise Refus(_("Ce document n’est pas au dossier de cet organisme."), code="organisme", champ="document")
    if document.expire(jour_local(instant, projet.appel.fuseau)):
        raise Refus(
            _("« {document} » est expiré : ajoutez sa version récente au dossier permanent, puis joignez-la.").format(
                document=document
            ),
            code="expire",
            champ="document",
        )
    if document.fichier.analyse == EtatAnalyse.REFUSE:
        raise Refus(_("L’antivirus a trouvé un virus dans ce document : il ne se joint pas."), code="infecte")
    _preparer(projet, document.fichier.taille, auteur, instant)
    fichier = fichiers.copier(
        document.fichier, acces=ACCES_PIECE, objet_id=projet.pk, depose_par=auteur, instant=instant
    )
    return _poser(projet, fichier, pour, instant)


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
