"""Le rapport d'un appel : ses chiffres mènent à leurs demandes, ses parts font ses totaux, ses délais (R23, R55)."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appels.models import Appel
from projets.models import Projet
from projets.requetes.rapport_appel import RapportAppel, rapport_de_l_appel
from socle.models import Travail
from socle.travaux import executer
from tests.documents.lecture import defauts_ua
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
APPELS = ("02-2017-1", "02-2024-1")


def appel(code: str) -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code=code)


def rapport(code: str, role: str = "coordination") -> RapportAppel:
    return rapport_de_l_appel(appel(code), Projet.objects.visibles_pour(personne(role)))


def adresse(code: str, suite: str = "") -> str:
    return f"{reverse('admin:projets_projet_rapport_appel')}?appel={appel(code).pk}{suite}"


@pytest.mark.parametrize("code", APPELS)
def test_chaque_coupe_fait_le_total(code: str) -> None:
    lu = rapport(code)
    assert lu.total.recues == Projet.objects.deposes().filter(appel__code=code).count() > 0
    for coupe in lu.coupes:
        for nom in ("recues", "admissibles", "accordees", "demande", "accorde"):
            assert sum(getattr(ligne, nom) for ligne in coupe.lignes) == getattr(lu.total, nom), (coupe.titre, nom)


@pytest.mark.parametrize("code", APPELS)
def test_chaque_chiffre_mene_a_autant_de_demandes(code: str) -> None:
    """La liste que le lien ouvre compte ce que le rapport compte, pour les trois nombres de chaque ligne."""
    c, lu = client("coordination"), rapport(code)
    liens = [(lu.url_decidees, len(lu.delais.jours))]
    for ligne in [lu.total, *(ligne for coupe in lu.coupes for ligne in coupe.lignes)]:
        liens += [
            (ligne.url, ligne.recues),
            (ligne.url_admissibles, ligne.admissibles),
            (ligne.url_accordees, ligne.accordees),
        ]
    for lien, attendu in liens:
        liste = c.get(urlsplit(lien).path, dict(parse_qsl(urlsplit(lien).query))).context_data["cl"]
        assert liste.result_count == attendu, lien


def test_les_totaux_publies_du_premier_appel() -> None:
    lu = rapport("02-2017-1")
    assert (lu.total.accordees, lu.total.accorde) == (28, Decimal(2_733_155))
    assert lu.delais.minimum <= lu.delais.mediane <= lu.delais.maximum
    assert len(lu.delais.jours) == Projet.objects.filter(appel__code="02-2017-1", decide_le__isnull=False).count()


def test_les_delais_se_comptent_en_jours_locaux_du_depot_a_la_decision() -> None:
    """Trois demandes à 10, 20 et 100 jours : médiane 20, étendue de 10 à 100; une rendue après la réponse visée."""
    cible = appel("02-2017-1")
    gardes = list(Projet.objects.filter(appel=cible, decide_le__isnull=False)[:3])
    for projet, jours in zip(gardes, (10, 20, 100), strict=True):
        Projet.objects.filter(pk=projet.pk).update(decide_le=projet.depose_le + timedelta(days=jours))
    visee = (max(p.depose_le for p in gardes) + timedelta(days=60)).date()
    Appel.objects.filter(pk=cible.pk).update(reponse_visee=visee)
    lu = rapport_de_l_appel(appel("02-2017-1"), Projet.objects.filter(pk__in=[p.pk for p in gardes])).delais
    assert (lu.minimum, lu.mediane, lu.maximum, lu.hors_delai) in {(10, 20, 100, 1), (11, 20, 100, 1)}


def test_la_zone_compte_le_montant_accorde_en_zone() -> None:
    Projet.objects.filter(appel__code="02-2017-1").update(zone_visee=None)
    assert rapport("02-2017-1").en_zone == 0
    Projet.objects.filter(appel__code="02-2017-1").update(zone_visee=True)
    assert rapport("02-2017-1").en_zone == 1


def test_l_agent_n_y_compte_que_son_territoire() -> None:
    tous, siens = rapport("02-2024-1"), rapport("02-2024-1", "agent")
    assert (
        siens.total.recues
        == Projet.objects.visibles_pour(personne("agent")).deposes().filter(appel__code="02-2024-1").count()
        < tous.total.recues
    )
    assert client("agent").get(adresse("02-2024-1")).status_code == 200
    assert client("evaluation1").get(adresse("02-2024-1")).status_code in {302, 403}


def test_le_nombre_de_requetes_ne_suit_pas_celui_des_demandes() -> None:
    c, comptes = client("coordination"), []
    for code in APPELS:
        c.get(adresse(code))
        with CaptureQueriesContext(connection) as requetes:
            assert c.get(adresse(code)).status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


def test_le_classeur_porte_les_memes_nombres() -> None:
    reponse = client("coordination").get(adresse("02-2017-1", "&format=xlsx"))
    classeur = openpyxl.load_workbook(BytesIO(reponse.content))
    lu = rapport("02-2017-1")
    assert classeur.sheetnames == ["Par territoire", "Par priorité", "Par zone", "Délais"]
    page = classeur["Par territoire"]
    rangees = {r[0].value: [cellule.value for cellule in r] for r in page.iter_rows(min_row=4) if r[0].value}
    assert rangees["Total"][1:4] == [lu.total.recues, lu.total.admissibles, lu.total.accordees]
    assert rangees["Total"][6] == 2_733_155
    assert classeur["Délais"]["B5"].value == float(lu.delais.mediane)


def test_le_pdf_est_balise_et_ne_se_lit_que_par_qui_l_a_demande() -> None:
    c = client("coordination")
    reponse = c.post(adresse("02-2017-1"))
    travail = Travail.objects.filter(genre="projets.rapport_appel").latest("pk")
    assert reponse.url == travail.get_absolute_url()
    executer(travail.pk)
    travail.refresh_from_db()
    lien = reverse("socle:telecharger", args=[travail.fichier.uuid])
    pdf = b"".join(c.get(lien).streaming_content)
    assert pdf.startswith(b"%PDF-1.7")
    with pikepdf.open(BytesIO(pdf)) as lu:
        assert defauts_ua(lu) == []
    assert client("finances").get(lien).status_code in {403, 404}


def test_sans_demande_la_page_le_dit() -> None:
    Projet.objects.filter(appel__code="02-2024-1", depose_le__isnull=False).update(
        appel=Appel.objects.get(code="02-2024-2")
    )
    assert "il n’y a rien à compter" in client("coordination").get(adresse("02-2024-1")).content.decode()
