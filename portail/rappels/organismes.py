"""Rappels des organismes : un document du dossier permanent qui expire, une adresse pas encore confirmée."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.urls import reverse
from django.utils.translation import gettext as _

from comptes.models import DocumentPermanent
from comptes.requetes import courriels_des_membres
from portail.rappels.communs import AVANCE, Du
from portail.rappels.paliers import palier_du, paliers_adresse, paliers_document
from socle import courriels
from socle.horloge import EST

RECUL = timedelta(days=8)


def documents(instant: datetime) -> Iterator[Du]:
    """J−30, J−7 et le lendemain de l'échéance, aux membres; une version plus récente fait taire le rappel."""
    jour = instant.astimezone(EST).date()
    dus = list(
        DocumentPermanent.objects.filter(
            remplace_le__isnull=True, echeance__gte=jour - RECUL, echeance__lte=jour + AVANCE
        ).select_related("organisme")
    )
    membres = courriels_des_membres({document.organisme_id for document in dus})
    for document in dus:
        paliers = paliers_document(document.echeance, str(EST))
        palier = palier_du(paliers, instant)
        if palier is None or palier.instant < document.ajoute_le:
            continue
        yield Du(
            "document",
            document,
            palier,
            paliers[-1].instant,
            membres.get(document.organisme_id, ()),
            _("Document à renouveler : {document}").format(document=document),
            {
                "document": document,
                "organisme": document.organisme,
                "expire": document.expire(jour),
                "lien": courriels.adresse_absolue(reverse("comptes:documents", args=[document.organisme.uuid])),
            },
            "",
        )


def adresses(instant: datetime) -> Iterator[Du]:
    """Une adresse neuve jamais confirmée : vingt heures, puis trois jours après l'inscription."""
    for adresse in EmailAddress.objects.filter(
        verified=False, primary=True, user__is_active=True, user__cree_le__gte=instant - RECUL
    ).select_related("user"):
        if not adresse.user.has_usable_password():
            continue
        cree_le = adresse.user.cree_le
        palier = palier_du(paliers_adresse(cree_le), instant)
        if palier is None:
            continue
        cle = EmailConfirmationHMAC(adresse).key
        yield Du(
            "courriel",
            adresse,
            palier,
            cree_le,
            (adresse.email,),
            _("Confirmez votre courriel"),
            {"lien": courriels.adresse_absolue(reverse("account_confirm_email", args=[cle]))},
            "",
        )
