"""Pièces : plusieurs à la fois, réutilisées du dossier permanent, gardées; la progression répond en JSON."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comptes.models import DocumentPermanent
from comptes.services.dossier_permanent import ajouter_document, retirer_document
from projets.models import Projet
from projets.services.pieces import reutiliser_document
from socle.erreurs import Refus
from socle.formats import jour_local
from socle.horloge import maintenant
from tests.outils.fichiers import octets
from tests.outils.personnes import client, personne
from tests.socle.test_fichiers import pdf
from tests.socle.test_photos import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def projet() -> Projet:
    return Projet.objects.select_related("organisme", "appel").get(entente__code="02-2024", etat="brouillon")


def adresse(projet: Projet, nom: str = "pieces", *cles: object) -> str:
    return reverse(f"projets:{nom}", args=[projet.uuid, *cles])


def document(projet: Projet, **options) -> DocumentPermanent:
    instant = maintenant()
    valeurs = {
        "genre": "rapport_annuel",
        "titre": "",
        "date_document": jour_local(instant),
        "echeance": None,
        **options,
    }
    return ajouter_document(
        organisme=projet.organisme,
        televerse=SimpleUploadedFile("rapport.pdf", pdf()),
        auteur=personne("organismes"),
        instant=instant,
        **valeurs,
    )


def test_plusieurs_fichiers_d_un_coup_ou_aucun(projet: Projet) -> None:
    c = client("organismes")
    mauvais = [SimpleUploadedFile("a.pdf", pdf()), SimpleUploadedFile("b.exe", b"MZ")]
    assert (
        "«\u00a0b.exe\u00a0» n’est pas d’un type accepté"
        in c.post(adresse(projet), {"fichier": mauvais}).content.decode()
    )
    assert not projet.pieces.exists()
    bons = [SimpleUploadedFile("a.pdf", pdf()), SimpleUploadedFile("b.pdf", pdf())]
    assert c.post(adresse(projet), {"fichier": bons}).status_code == 302
    assert projet.pieces.count() == 2


def test_plusieurs_photos_font_une_piece(projet: Projet) -> None:
    photos = [SimpleUploadedFile("a.jpg", photo()), SimpleUploadedFile("b.HEIC", photo("HEIF"))]
    assert client("organismes").post(adresse(projet), {"fichier": photos}).status_code == 302
    assert projet.pieces.get().fichier.type_mime == "application/pdf"


def test_sans_fichier_le_dit(projet: Projet) -> None:
    assert "Choisissez un fichier" in client("organismes").post(adresse(projet), {"exigence": ""}).content.decode()


def test_le_script_de_progression_recoit_une_adresse_ou_des_causes(projet: Projet) -> None:
    c, entete = client("organismes"), {"X-Televersement": "1"}
    refus = c.post(adresse(projet), {"fichier": SimpleUploadedFile("a.exe", b"MZ")}, headers=entete)
    assert (refus.status_code, "type accepté" in refus.json()["erreurs"][0]) == (422, True)
    reussi = c.post(adresse(projet), {"fichier": SimpleUploadedFile("a.pdf", pdf())}, headers=entete)
    assert reussi.json() == {"url": adresse(projet)}
    assert "est joint" in c.get(adresse(projet)).content.decode(), "le message attend la page"


def test_reutiliser_joint_une_copie_qui_survit_a_l_original(projet: Projet) -> None:
    doc = document(projet)
    contenu, requise = octets(doc.fichier), projet.appel.pieces_requises.first()
    c = client("organismes")
    assert "Prendre un document du dossier permanent" in c.get(adresse(projet)).content.decode()
    donnees = {"document": doc.pk, "exigence": f"piece-{requise.pk}"}
    assert c.post(adresse(projet, "reutiliser_document"), donnees).status_code == 302
    piece = projet.pieces.get()
    assert (piece.requise, piece.fichier.empreinte) == (requise, doc.fichier.empreinte)
    assert piece.fichier.pk != doc.fichier.pk
    retirer_document(document=doc, auteur=personne("organismes"), instant=maintenant())
    assert octets(piece.fichier) == contenu


def test_ce_qui_ne_se_reutilise_pas(projet: Projet) -> None:
    commun = {"projet": projet, "pour": None, "auteur": personne("organismes"), "instant": maintenant()}
    autre = DocumentPermanent.objects.exclude(organisme=projet.organisme).first()
    with pytest.raises(Refus, match="dossier de cet organisme"):
        reutiliser_document(document=autre, **commun)
    assert client("organismes").post(adresse(projet, "reutiliser_document"), {"document": autre.pk}).status_code == 200
    doc = document(projet, echeance=jour_local(maintenant()))
    DocumentPermanent.objects.filter(pk=doc.pk).update(date_document="2020-01-01", echeance="2021-01-01")
    doc.refresh_from_db()
    with pytest.raises(Refus, match="est expiré"):
        reutiliser_document(document=doc, **commun)
    assert client("promoteur").post(adresse(projet, "reutiliser_document"), {"document": doc.pk}).status_code == 404
    assert not projet.pieces.exists()


def test_garder_une_piece_au_dossier_permanent(projet: Projet) -> None:
    c = client("organismes")
    c.post(adresse(projet), {"fichier": SimpleUploadedFile("resolution.pdf", pdf())})
    piece = projet.pieces.get()
    page = adresse(projet, "garder_piece", piece.pk)
    assert "Il y a un problème" in c.post(page, {"genre": ""}).content.decode()
    assert c.post(page, {"genre": "resolution", "date_document": "2026-01-15"}).status_code == 302
    garde = projet.organisme.documents.get(genre="resolution")
    assert garde.fichier.empreinte == piece.fichier.empreinte
    assert client("coordination").get(f"/fichiers/{garde.fichier.uuid}/").status_code == 404
    assert client("promoteur").get(page).status_code == 404
