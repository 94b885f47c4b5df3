"""Dossier permanent : versions, échéances, alertes, accès; corrections proposées par une coordination (décision 10)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comptes.models import CorrectionOrganisme, DocumentPermanent, Organisme
from comptes.services.dossier_permanent import ajouter_document, retirer_document
from comptes.services.organismes import trancher_correction
from portail.rappels import battre
from portail.rappels.paliers import a_neuf_heures
from projets.models import Lettre, Projet
from socle.erreurs import Refus
from socle.formats import jour_local
from socle.horloge import maintenant
from socle.models import Courriel, Fichier, Rappel
from tests.outils.fichiers import octets, telecharger
from tests.outils.personnes import ROLES, client, personne
from tests.socle.test_fichiers import pdf

pytestmark = pytest.mark.django_db


def mien() -> Organisme:
    return personne("promoteur").adhesions.get().organisme


def ajouter(auteur: str = "promoteur", **options) -> DocumentPermanent:
    instant = maintenant()
    valeurs = {
        "genre": "rapport_annuel",
        "titre": "",
        "date_document": jour_local(instant) - timedelta(days=10),
        "echeance": None,
        "televerse": SimpleUploadedFile("rapport.pdf", pdf()),
        **options,
    }
    return ajouter_document(organisme=mien(), auteur=personne(auteur), instant=instant, **valeurs)


def test_une_version_remplace_la_precedente_qui_reste_lisible() -> None:
    premier, second = ajouter(), ajouter()
    premier.refresh_from_db()
    assert (premier.version, second.version) == (1, 2)
    assert premier.remplace_le is not None
    c = client("promoteur")
    for document in (premier, second):
        assert telecharger(c, document.fichier) == octets(document.fichier)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"date_document": jour_local(maintenant()) + timedelta(days=2)}, "dans l’avenir"),
        ({"echeance": jour_local(maintenant()) - timedelta(days=20)}, "ne peut pas précéder"),
        ({"televerse": SimpleUploadedFile("x.exe", b"MZ")}, "type accepté"),
    ],
)
def test_ce_qui_se_refuse(options: dict, message: str) -> None:
    avant = Fichier.objects.count()
    with pytest.raises(Refus, match=message):
        ajouter(**options)
    assert Fichier.objects.count() == avant


@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom != "promoteur"])
def test_personne_d_autre_ne_lit_ni_n_ajoute(nom: str) -> None:
    fichier = mien().documents.first().fichier
    attendu = 302 if nom == "anonyme" else 404
    assert client(nom).get(f"/fichiers/{fichier.uuid}/").status_code == attendu
    assert client(nom).get(reverse("comptes:documents", args=[mien().uuid])).status_code == attendu
    if nom != "anonyme":
        with pytest.raises(Refus, match="Votre rôle"):
            ajouter(auteur=nom)


def test_la_page_montre_ce_qui_expire_et_ajoute() -> None:
    c, adresse = client("promoteur"), reverse("comptes:documents", args=[mien().uuid])
    page = c.get(adresse).content.decode()
    assert "Expire bientôt" in page
    assert "1 version précédente" in page
    donnees = {"genre": "oqlf", "date_document": "2026-01-15", "televerse": SimpleUploadedFile("a.pdf", pdf())}
    assert c.post(adresse, donnees).status_code == 302
    assert (
        "type accepté" in c.post(adresse, {**donnees, "televerse": SimpleUploadedFile("a.exe", b"MZ")}).content.decode()
    )
    assert mien().documents.filter(genre="oqlf").count() == 1


def test_une_echeance_se_rappelle_et_une_version_recente_la_fait_taire() -> None:
    DocumentPermanent.objects.all().delete()
    echeance = jour_local(maintenant()) + timedelta(days=40)
    document = ajouter(echeance=echeance)
    for decalage, attendus in ((-30, {"J-30"}), (-7, {"J-30", "J-7"}), (1, {"J-30", "J-7", "J+1"})):
        battre(a_neuf_heures(echeance + timedelta(days=decalage), "America/Toronto") + timedelta(minutes=1))
        rappels = Rappel.objects.filter(genre="document", objet_id=document.pk)
        assert set(rappels.values_list("palier", flat=True)) == attendus
    assert set(rappels.values_list("destinataire", flat=True)) == {"promoteur@demo.example"}
    Rappel.objects.all().delete()
    ajouter(echeance=echeance + timedelta(days=365))
    battre(a_neuf_heures(echeance + timedelta(days=1), "America/Toronto") + timedelta(minutes=1))
    assert not Rappel.objects.filter(genre="document").exists()


def test_retirer_efface_le_fichier(django_capture_on_commit_callbacks) -> None:
    document = ajouter()
    fichier = document.fichier
    with django_capture_on_commit_callbacks(execute=True):
        retirer_document(document=document, auteur=personne("promoteur"), instant=maintenant())
    assert not Fichier.objects.filter(pk=fichier.pk).exists()
    assert not fichier.contenu.storage.exists(fichier.contenu.name)


def _projet() -> Projet:
    return Projet.objects.filter(entente__code="02-2024", etat="depose").select_related("organisme").first()


def test_une_coordination_propose_et_un_membre_confirme() -> None:
    projet = _projet()
    adresse = reverse("admin:projets_projet_corriger_organisme", args=[projet.pk])
    c = client("coordination")
    saisie = {nom: champ for nom, champ in c.get(adresse).context["formulaire"].initial.items() if champ is not None}
    assert "Aucune valeur ne change" in c.post(adresse, {**saisie, "motif": "x"}).content.decode()
    assert c.post(adresse, {**saisie, "ville": "Alma", "motif": "Selon le Registre."}).status_code == 302
    projet.organisme.refresh_from_db()
    assert projet.organisme.ville != "Alma", "rien ne change avant la confirmation"
    assert Courriel.objects.filter(genre="comptes/correction").exists()
    correction = CorrectionOrganisme.objects.get()
    membre, page = client("organismes"), reverse("comptes:organisme", args=[projet.organisme.uuid])
    assert "Selon le Registre." in membre.get(page).content.decode()
    geste = reverse("comptes:correction", args=[projet.organisme.uuid, correction.pk])
    assert client("promoteur").post(geste, {"confirmer": "1"}).status_code == 404
    with pytest.raises(Refus, match="Votre rôle"):
        trancher_correction(
            correction=correction, confirmer=True, auteur=personne("coordination"), instant=maintenant()
        )
    assert membre.post(geste, {"confirmer": "1"}).status_code == 302
    projet.organisme.refresh_from_db()
    assert projet.organisme.ville == "Alma"
    assert "déjà tranchée" in membre.post(geste, {"refuser": "1"}, follow=True).content.decode()


def test_les_projets_de_l_organisme_et_leur_suite() -> None:
    projet = Projet.objects.filter(convention__rapport__etat="accepte").select_related("organisme").first()
    page = client("organismes").get(reverse("projets:organisme_projets", args=[projet.organisme.uuid])).content.decode()
    assert projet.numero in page
    assert "Rapport final accepté" in page
    vide = client("promoteur").get(reverse("projets:organisme_projets", args=[mien().uuid])).content.decode()
    assert "Aucune demande déposée" in vide


def test_r28_une_decision_non_communiquee_n_y_parait_pas() -> None:
    projet = Projet.objects.filter(entente__code="02-2024", etat="accepte").select_related("organisme").first()
    Lettre.objects.filter(decision__projet=projet).update(etat="redigee", envoyee_le=None)
    page = client("organismes").get(reverse("projets:organisme_projets", args=[projet.organisme.uuid])).content.decode()
    assert "En évaluation" in page
    assert "Accepté" not in page
