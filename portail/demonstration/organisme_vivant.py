"""Un organisme qui vit : dossier permanent dont un document expire bientôt, invitation et demande de rejoindre en attente."""

from datetime import datetime, timedelta
from io import BytesIO

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from comptes.enums import GenreDocument
from comptes.models import DocumentPermanent, Utilisateur
from comptes.services.dossier_permanent import ajouter_document
from comptes.services.membres import demander_a_rejoindre, inviter_membre
from socle.formats import jour_local

# genre, précision, âge en jours, jours avant l'échéance
DOCUMENTS = (
    (GenreDocument.LETTRES_PATENTES, "", 2400, None),
    (GenreDocument.REGLEMENTS, "", 900, None),
    (GenreDocument.ETATS_FINANCIERS, "", 520, 250),
    (GenreDocument.ETATS_FINANCIERS, "", 160, 205),
    (GenreDocument.ASSURANCE, "", 345, 20),
    (GenreDocument.RESOLUTION, "Mandat de déposer", 40, None),
)


def charger_organisme_vivant(personnes: dict[str, Utilisateur], instant: datetime) -> None:
    """Sur l'organisme du compte « promoteur »; une fois seulement."""
    promoteur, autre = personnes["promoteur"], personnes["organismes"]
    organisme = promoteur.adhesions.select_related("organisme").earliest("pk").organisme
    if DocumentPermanent.objects.filter(organisme=organisme).exists():
        return
    for genre, titre, age, reste in DOCUMENTS:
        jour = jour_local(instant) - timedelta(days=age)
        nom = f"{GenreDocument(genre).label} (démonstration).pdf"
        ajouter_document(
            organisme=organisme,
            genre=genre,
            titre=titre,
            date_document=jour,
            echeance=jour_local(instant) + timedelta(days=reste) if reste is not None else None,
            televerse=SimpleUploadedFile(nom, _page_blanche()),
            auteur=promoteur,
            instant=instant - timedelta(days=min(age, 44)),
        )
    inviter_membre(
        organisme=organisme,
        email="personne.invitee@demo.example",
        mandat_de_deposer=True,
        signataire=False,
        auteur=promoteur,
        instant=instant - timedelta(days=2),
    )
    demander_a_rejoindre(
        neq=organisme.neq or "", mot="Je prépare les budgets de l’organisme.", utilisateur=autre, instant=instant
    )


def _page_blanche() -> bytes:
    tampon = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(tampon)
    return tampon.getvalue()
