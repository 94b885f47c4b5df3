"""Le dossier permanent : ajouter un document, en remplacer un, le retirer."""

from collections.abc import Callable
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from comptes.models import DocumentPermanent, Organisme, Utilisateur
from socle.documents import fichiers
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.models import Fichier

ACCES_DOCUMENT = "organisme"


@transaction.atomic
def ajouter_document(
    *,
    organisme: Organisme,
    genre: str,
    titre: str,
    date_document: date,
    echeance: date | None,
    televerse: UploadedFile,
    auteur: Utilisateur,
    instant: datetime,
) -> DocumentPermanent:
    """Vérifie et range le document; la version d'avant, de même genre et titre, reste lisible.

    Refuse : un fichier inacceptable (cause par cause), une échéance avant la date du document, une date à venir.
    """

    def recevoir() -> Fichier:
        return fichiers.recevoir(
            televerse, acces=ACCES_DOCUMENT, objet_id=organisme.pk, depose_par=auteur, instant=instant
        )

    return _inscrire(organisme, genre, titre, date_document, echeance, recevoir, auteur, instant)


@transaction.atomic
def garder_fichier(
    *,
    organisme: Organisme,
    fichier: Fichier,
    genre: str,
    titre: str,
    date_document: date,
    echeance: date | None,
    auteur: Utilisateur,
    instant: datetime,
) -> DocumentPermanent:
    """Garde au dossier permanent une copie d'un fichier déjà reçu. Mêmes refus."""

    def copier() -> Fichier:
        return fichiers.copier(fichier, acces=ACCES_DOCUMENT, objet_id=organisme.pk, depose_par=auteur, instant=instant)

    return _inscrire(organisme, genre, titre, date_document, echeance, copier, auteur, instant)


def _inscrire(
    organisme: Organisme,
    genre: str,
    titre: str,
    date_document: date,
    echeance: date | None,
    ranger: Callable[[], Fichier],
    auteur: Utilisateur,
    instant: datetime,
) -> DocumentPermanent:
    verifier_droit(auteur, "comptes.modifier_organisme", organisme, _("Ajouter un document"))
    if date_document > instant.date():
        raise Refus(_("La date du document est dans l’avenir : vérifiez-la."), code="date", champ="date_document")
    if echeance is not None and echeance < date_document:
        raise Refus(_("L’échéance ne peut pas précéder la date du document."), code="echeance", champ="echeance")
    Organisme.objects.select_for_update(no_key=True).get(pk=organisme.pk)
    titre = titre.strip()
    pareils = organisme.documents.filter(genre=genre, titre=titre)
    rang = pareils.aggregate(m=Max("version"))["m"] or 0
    pareils.filter(remplace_le__isnull=True).update(remplace_le=instant)
    document = DocumentPermanent.objects.create(
        organisme=organisme,
        genre=genre,
        titre=titre,
        date_document=date_document,
        echeance=echeance,
        version=rang + 1,
        fichier=ranger(),
        ajoute_par=auteur,
        ajoute_le=instant,
    )
    noter_transition(document, action="ajouter", de="", vers="courant", auteur=auteur, instant=instant)
    return document


@transaction.atomic
def retirer_document(*, document: DocumentPermanent, auteur: Utilisateur, instant: datetime) -> None:
    """Retire un document et son fichier; une pièce déjà jointe à une demande est une copie, et reste."""
    verifier_droit(auteur, "comptes.modifier_organisme", document.organisme, _("Retirer un document"))
    noter_transition(document, action="retirer", de="courant", vers="retire", auteur=auteur, instant=instant)
    fichier = document.fichier
    document.delete()
    fichiers.effacer(fichier)
