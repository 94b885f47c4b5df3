"""Les pages du comité : file gardée, enregistrement continu, liens en une page, codes bornés, cahier sans les dossiers retirés."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from appels.models import Appel
from comite.exports import contexte_cahier
from comite.models import CahierSeance, FeuilleCodes, Seance
from comite.productions import produire_cahier
from comite.services.codes import imprimer_codes
from comite.services.seances import demander_cahiers, demander_mon_cahier
from projets.models import Evaluation, Projet
from projets.services.evaluations import declarer_lien
from socle import travaux
from socle.documents.pdf import mettre_en_page, rendre_html
from socle.horloge import maintenant
from socle.models import Fichier
from tests.comite.test_services import acteur, evaluation, soumettre
from tests.documents.lecture import defauts_ua, lire
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
EN_LIGNE = {"csrfmiddlewaretoken": "x"}


@pytest.fixture
def seance() -> Seance:
    return Seance.objects.select_related("appel", "entente__mandataire", "territoire").get(etat="preparee")


def avec_code(nom: str = "evaluation1") -> Client:
    appel = Appel.objects.get(code="02-2024-1")
    _feuille, codes = imprimer_codes(
        mandataire=appel.entente.mandataire, membre=personne(nom), **acteur("coordination")
    )
    c = Client(raise_request_exception=False)
    assert c.post("/comite/code/", {"code": codes[0]}).url == "/comite/"
    return c


def test_les_liens_se_disent_en_une_seule_page() -> None:
    sienne, c = evaluation(), client("evaluation1")
    assert str(sienne.projet.organisme) in c.get("/comite/liens/").content.decode()
    assert c.post("/comite/liens/", {f"lien_{sienne.pk}": "aucun"}).status_code == 302
    sienne.refresh_from_db()
    assert sienne.etat == "en_cours"
    assert "Aucune réponse attendue" in c.get("/comite/liens/").content.decode()


def test_l_enregistrement_continu_garde_chaque_critere_lisible() -> None:
    sienne, c = evaluation(), client("evaluation1")
    adresse = reverse("comite:brouillon", args=[sienne.pk])
    assert c.post(adresse, {"commentaire": "x"}).status_code == 409, "le lien d'abord (R25)"
    declarer_lien(evaluation=sienne, lien="aucun", **acteur("evaluation1"))
    premier, second, _dernier = sienne.projet.appel.criteres.all()
    reponse = c.post(adresse, {f"choix_{premier.pk}": "10", f"note_{second.pk}": "999", "commentaire": "x"})
    assert reponse.json()["texte"].startswith("Enregistré à")
    assert list(sienne.notes.values_list("critere_id", "valeur")) == [(premier.pk, 10)]


def test_enregistrer_et_suivant_garde_la_file() -> None:
    autre = Projet.objects.get(appel__code="02-2024-1", etat="admissible")
    sienne = evaluation()
    declarer_lien(evaluation=sienne, lien="aucun", **acteur("evaluation1"))
    suivante = Evaluation.objects.create(
        entente=autre.entente,
        projet=autre,
        depot=autre.depots.first(),
        evaluateur=personne("evaluation1"),
        assignee_le=maintenant(),
    )
    reponse = client("evaluation1").post(sienne.get_absolute_url(), {"commentaire": "x", "suivant": "1"})
    assert reponse.url == suivante.get_absolute_url()


def test_un_mot_et_une_note_qui_se_contredisent_sont_refuses() -> None:
    sienne = evaluation()
    declarer_lien(evaluation=sienne, lien="aucun", **acteur("evaluation1"))
    premier = sienne.projet.appel.criteres.first()
    page = client("evaluation1").post(
        sienne.get_absolute_url(), {f"choix_{premier.pk}": "15", f"note_{premier.pk}": "2", "commentaire": ""}
    )
    assert "ne correspond pas au mot choisi" in page.content.decode()


def test_gros_caracteres_se_gardent() -> None:
    c = client("evaluation1")
    c.post("/comite/affichage/", {"gros": "1"})
    assert "comite gros" in c.get("/comite/").content.decode()
    c.post("/comite/affichage/", EN_LIGNE)
    assert "comite gros" not in c.get("/comite/").content.decode()


def test_une_evaluation_remplacee_n_existe_plus_pour_sa_personne() -> None:
    sienne = evaluation()
    Evaluation.objects.filter(pk=sienne.pk).update(etat="remplacee")
    c = client("evaluation1")
    assert c.get(sienne.get_absolute_url()).status_code == 404
    assert sienne.projet.numero not in c.get("/comite/").content.decode()


def test_un_code_n_ouvre_que_le_comite_meme_a_la_coordination() -> None:
    """La personne coordonne aussi : la session d'un code n'ouvre ni l'admin, ni son compte, ni ses projets."""
    appel = Appel.objects.get(code="02-2024-1")
    personne("evaluation1").affectations.create(
        role="coordination", mandataire=appel.entente.mandataire, debut=maintenant().date() - timedelta(days=2)
    )
    assert client("evaluation1").get("/admin/").status_code == 200
    c = avec_code()
    assert c.get("/comite/").status_code == 200
    assert c.get(evaluation().get_absolute_url()).status_code == 200
    for adresse in (
        "/admin/",
        "/compte/email/",
        "/compte/password/change/",
        "/projets/",
        "/mon-espace/",
        "/admin/projets/projet/",
    ):
        reponse = c.get(adresse)
        assert reponse.status_code == 302, adresse
        assert "/compte/login/" in reponse.url or "/admin/login/" in reponse.url, adresse


def test_revoquer_la_feuille_ferme_la_session() -> None:
    c = avec_code()
    FeuilleCodes.objects.filter(membre=personne("evaluation1"), revoquee_le__isnull=True).update(
        revoquee_le=maintenant()
    )
    assert c.get("/comite/").status_code == 302
    assert c.get("/comite/").url.startswith("/compte/login/")


def test_les_essais_de_codes_sont_bornes() -> None:
    c = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.9")
    codes = {c.post("/comite/code/", {"code": f"AAAA-BBBB-{n:04d}"}).status_code for n in range(10)}
    assert codes == {200}
    assert c.post("/comite/code/", {"code": "AAAA-BBBB-CCCC"}).status_code == 429


def test_la_feuille_de_codes_s_imprime_sans_se_ranger() -> None:
    appel = Appel.objects.get(code="02-2024-1")
    cle = f"{appel.entente.mandataire_id}-{personne('evaluation1').pk}"
    reponse = client("coordination").post(reverse("admin:comite_feuillecodes_imprimer"), {"membre": cle})
    assert reponse["Content-Type"] == "application/pdf"
    assert "no-store" in reponse["Cache-Control"]
    with pikepdf.open(BytesIO(reponse.content)) as pdf:
        assert "Codes d’accès de Comité 1" in str(pdf.docinfo["/Title"])
        assert not defauts_ua(pdf)
    assert not Fichier.objects.filter(nom__startswith="codes-").exists()


def test_r25_le_cahier_n_a_ni_titre_ni_contenu_du_dossier_retire(seance: Seance) -> None:
    sienne = declarer_lien(evaluation=evaluation(), lien="conflit", **acteur("evaluation1"))
    projet = sienne.projet
    membre = personne("evaluation1")
    contexte = contexte_cahier(seance, membre, maintenant())
    rangees = [r for g in contexte["groupes"] for r in g.rangees]
    retiree = next(r for r in rangees if r.numero == projet.numero)
    assert (retiree.titre, retiree.organisme, retiree.retire) == ("", "", True)
    assert retiree.demande == projet.montant_demande
    assert all(g.rangees[-1].cumul == g.demande for g in contexte["groupes"]), "le cumul balance, retirés compris"
    assert projet.pk not in {f.projet.pk for f in contexte["fiches"]}
    texte = " ".join(lire(mettre_en_page(rendre_html("pdf/comite/cahier.html", contexte))))
    with produire_cahier(seance, membre).contenu.open("rb") as octets, pikepdf.open(octets) as pdf:
        assert not defauts_ua(pdf)
        assert len(pdf.open_outline().root) >= 3, "signets"
    assert projet.numero in texte
    assert str(projet.organisme) not in texte
    assert projet.titre not in texte


def test_r26_le_cahier_cache_les_moyennes_a_qui_doit_ses_notes(seance: Seance) -> None:
    soumettre("evaluation2", 11, 37, 23)
    seance.appel.phases_comite.all().delete()
    seance.appel.phases_comite.create(entente=seance.entente, genre="commun", debut=maintenant() - timedelta(hours=1))
    numero = evaluation().projet.numero

    def moyenne(nom: str) -> object:
        groupes = contexte_cahier(fraiche(seance), personne(nom), maintenant())["groupes"]
        return next(r.moyenne for g in groupes for r in g.rangees if r.numero == numero)

    assert moyenne("evaluation1") is None
    assert str(moyenne("evaluation2")) == "71.00"
    soumettre("evaluation1", 12, 40, 28)
    assert str(moyenne("evaluation1")) == "75.50"


def fraiche(seance: Seance) -> Seance:
    return Seance.objects.select_related("appel", "entente__mandataire", "territoire").get(pk=seance.pk)


def test_les_cahiers_se_produisent_par_un_travail_un_par_membre(seance: Seance) -> None:
    travail = demander_cahiers(seance=seance, **acteur("coordination"))
    travaux.executer(travail.pk)
    travail.refresh_from_db()
    assert (travail.etat, travail.fait, travail.total) == ("termine", 2, 2)
    siens = {c.membre.email.split("@")[0]: c.fichier for c in CahierSeance.objects.select_related("membre", "fichier")}
    assert set(siens) == {"evaluation1", "evaluation2"}
    for nom, attendu in {
        "evaluation1": 200,
        "evaluation2": 404,
        "coordination": 200,
        "secretariat": 404,
        "organismes": 404,
    }.items():
        reponse = client(nom).get(reverse("socle:telecharger", args=[siens["evaluation1"].uuid]))
        if reponse.streaming:
            b"".join(reponse.streaming_content)
        assert reponse.status_code == attendu, nom


def test_r25_un_retrait_ferme_le_cahier_deja_produit(seance: Seance) -> None:
    travail = demander_mon_cahier(seance=seance, **acteur("evaluation1"))
    travaux.executer(travail.pk)
    fichier = CahierSeance.objects.get(membre=personne("evaluation1")).fichier
    declarer_lien(evaluation=evaluation(), lien="conflit", **acteur("evaluation1"))
    assert client("evaluation1").get(reverse("socle:telecharger", args=[fichier.uuid])).status_code == 404
    assert "ce cahier ne s’ouvre plus" in client("evaluation1").get(seance.get_absolute_url()).content.decode()


def test_r26_la_presidence_ne_voit_l_ecart_que_des_la_mise_en_commun() -> None:
    soumettre("evaluation2", 11, 37, 23)
    c = client("evaluation2")
    numero = evaluation().projet.numero
    assert numero not in c.get("/comite/ecarts/02-2024-1/").content.decode()
    appel = Appel.objects.get(code="02-2024-1")
    appel.phases_comite.filter(genre__in=["commun", "lecture"]).delete()
    appel.phases_comite.create(entente=appel.entente, genre="commun", debut=maintenant() - timedelta(hours=1))
    assert numero in c.get("/comite/ecarts/02-2024-1/").content.decode()
    assert client("evaluation1").get("/comite/ecarts/02-2024-1/").status_code == 404


def test_ce_que_les_projets_sont_devenus_attend_l_annonce() -> None:
    page = client("evaluation1").get("/comite/devenus/").content.decode()
    assert "02-2017-1-" in page
    assert "02-2024-1-" not in page
    Appel.objects.filter(code="02-2017-1").update(annonce_le=maintenant() + timedelta(days=1))
    assert "02-2017-1-" not in client("evaluation1").get("/comite/devenus/").content.decode()


def test_r25_un_lien_se_declare_meme_sans_avoir_le_dossier_a_noter(seance: Seance) -> None:
    """La présidence n'a pas ce dossier à noter; son lien déclaré, elle n'en lit ni le titre, ni l'écart, ni la fiche."""
    soumettre("evaluation1", 12, 40, 28)
    projet = evaluation().projet
    Evaluation.objects.get(projet=projet, evaluateur=personne("evaluation2")).delete()
    seance.appel.phases_comite.all().delete()
    seance.appel.phases_comite.create(entente=seance.entente, genre="commun", debut=maintenant() - timedelta(hours=1))
    c = client("evaluation2")
    assert projet.numero in c.get("/comite/ecarts/02-2024-1/").content.decode()
    adresse = reverse("comite:interets", args=[seance.pk])
    assert str(projet.organisme) in c.get(adresse).content.decode()
    assert c.post(adresse, {"projets": [projet.pk], "nature": "proche"}).status_code == 302
    assert projet.numero not in c.get("/comite/ecarts/02-2024-1/").content.decode()
    page = c.get(seance.get_absolute_url()).content.decode()
    assert "vous vous retirez" in page
    assert str(projet.organisme) not in page
    assert projet.pk not in {
        f.projet.pk for f in contexte_cahier(fraiche(seance), personne("evaluation2"), maintenant())["fiches"]
    }
    assert "Il y a un problème" in c.post(adresse, {"projets": [projet.pk]}).content.decode(), "une seule fois"
