"""La liste des demandes : filtres, facettes exactes, totaux, recherche sans accents, export."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.contrib import admin
from django.db.models import Sum
from django.test import RequestFactory
from django.urls import reverse

from projets.admin.filtres import FILTRES
from projets.models import LigneDepense, Projet
from socle import travaux
from socle.horloge import maintenant
from socle.models import Travail
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
LISTE = "/admin/projets/projet/"


def liste(nom: str = "coordination", **parametres: str):
    """Le ChangeList de la personne, pour ces filtres."""
    requete = RequestFactory().get(LISTE, parametres)
    requete.user, requete.arrivee = personne(nom), maintenant()
    return admin.site._registry[Projet].get_changelist_instance(requete)


def choix(filtre, cl) -> list[tuple[str, int]]:
    """(valeur, compte) de chaque choix du filtre."""
    comptes = filtre.get_facet_queryset(cl)
    return [(str(valeur), comptes[f"{rang}__c"]) for rang, (valeur, _nom) in enumerate(filtre.lookup_choices)]


@pytest.fixture(autouse=True)
def des_drapeaux() -> None:
    """Un drapeau de chaque genre, pour que les comptes aient de quoi se tromper."""
    ids = list(Projet.objects.filter(entente__code="02-2024", depose_le__isnull=False).values_list("pk", flat=True)[:4])
    LigneDepense.objects.create(projet_id=ids[0], categorie="mission_globale", montant=5)
    premier, second = Projet.objects.get(pk=ids[1]), Projet.objects.get(pk=ids[2])
    Projet.objects.filter(pk=second.pk).update(organisme=premier.organisme, titre=premier.titre.upper())
    Projet.objects.filter(pk=ids[3]).update(zone_visee=True, montant_demande=Decimal("100000"))


@pytest.mark.parametrize("filtre", FILTRES, ids=lambda f: f.parameter_name)
def test_chaque_facette_est_le_nombre_de_demandes_filtrees(filtre) -> None:
    """Le décompte d'une seule requête et le filtre SQL disent le même nombre, seul ou avec un autre filtre."""
    for autre in ({}, {"etat__exact": "depose"}, {"pieces": "manquantes"}, {"q": "organisme"}):
        cl = liste(**{nom: v for nom, v in autre.items() if nom != filtre.parameter_name})
        present = next((f for f in cl.filter_specs if type(f) is filtre), None)
        for valeur, compte in choix(present, cl) if present else ():
            filtree = liste(**{**autre, filtre.parameter_name: valeur})
            assert filtree.result_count == compte == filtree.queryset.count(), (autre, valeur)


def test_les_facettes_ont_de_quoi_se_tromper() -> None:
    cl = liste()
    comptes = {type(f).parameter_name: dict(choix(f, cl)) for f in cl.filter_specs}
    assert comptes["drapeau"]["meme_titre"] >= 1
    assert comptes["drapeau"]["non_admissibles"] >= 1
    assert comptes["pieces"]["manquantes"] >= 1
    assert comptes["montant"]["100"] >= 1
    assert comptes["precisions"]["recues"] >= 1


@pytest.mark.parametrize("parametres", [{}, {"etat__exact": "accepte"}, {"montant": "25"}, {"q": "chicoutimi"}])
def test_les_totaux_sont_ceux_du_jeu_filtre(parametres: dict[str, str]) -> None:
    cl = liste(**parametres)
    lues = Projet.objects.filter(pk__in=cl.queryset.order_by().values("pk"))
    sommes = lues.aggregate(demande=Sum("montant_demande"), accorde=Sum("decision__montant"))
    enveloppes = {p.enveloppe for p in lues.select_related("enveloppe") if p.enveloppe}
    assert (cl.totaux.nombre, cl.totaux.demande, cl.totaux.accorde, cl.totaux.reste) == (
        lues.count(),
        sommes["demande"] or 0,
        sommes["accorde"] or 0,
        sum(e.disponible for e in enveloppes),
    )


@pytest.mark.parametrize(
    ("parametre", "valeur"),
    [
        ("etat__exact", "n'importe"),
        ("appel__id__exact", "abc"),
        ("appel__id__exact", "999999"),
        ("enveloppe__id__exact", "1e9"),
        ("responsable", "-"),
        ("montant", "7"),
        ("pieces", "x"),
        ("drapeau", "x__y"),
        ("precisions", "x"),
    ],
)
def test_une_valeur_inconnue_ne_montre_rien_et_ne_tombe_pas(parametre: str, valeur: str) -> None:
    reponse = client("coordination").get(LISTE, {parametre: valeur})
    assert reponse.status_code == 200
    assert reponse.context_data["cl"].result_count == 0
    assert "Aucune demande ne répond à ces critères" in reponse.content.decode()


@pytest.mark.parametrize(
    ("cherche", "trouve"), [("ECOLE œuvre", True), ("école oeuvre", True), ("l'ecole", True), ("lycee", False)]
)
def test_chercher_sans_accents(cherche: str, trouve: bool) -> None:
    projet = Projet.objects.filter(entente__code="02-2024", etat="depose").first()
    Projet.objects.filter(pk=projet.pk).update(titre="À l’École, une Œuvre")
    assert (projet.pk in liste(q=cherche).queryset.values_list("pk", flat=True)) is trouve


def test_chercher_un_numero_de_partout_ouvre_le_dossier() -> None:
    projet = Projet.objects.filter(entente__code="02-2024", etat="depose").first()
    c = client("coordination")
    accueil = c.get("/admin/").content.decode()
    assert 'action="/admin/chercher/"' in accueil
    assert "Ctrl + K" in accueil
    reponse = c.get("/admin/chercher/", {"q": projet.numero.lower()})
    assert reponse["Location"] == reverse("admin:projets_projet_change", args=[projet.pk])
    assert c.get("/admin/chercher/", {"q": "maison"})["Location"] == f"{LISTE}?q=maison"
    assert c.get("/admin/chercher/")["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("nom", "code"), [("anonyme", 302), ("promoteur", 302), ("ministere", 302), ("evaluation1", 302)]
)
def test_la_recherche_est_a_l_equipe(nom: str, code: int) -> None:
    assert client(nom).get("/admin/chercher/", {"q": "x"}).status_code == code


def test_un_numero_d_une_autre_entente_ne_s_ouvre_pas() -> None:
    numero = Projet.objects.filter(entente__code="02-2024", depose_le__isnull=False).first().numero
    reponse = client("coordination.lanaudiere").get("/admin/chercher/", {"q": numero}, follow=True)
    assert reponse.context_data["cl"].result_count == 0


def test_l_agent_ne_voit_ni_notes_ni_reste() -> None:
    page = client("agent").get(LISTE).content.decode()
    assert "column-evaluations_lues" not in page
    assert "column-evaluations_lues" in client("coordination").get(LISTE).content.decode()
    assert "Reste des enveloppes" not in page


# Export ------------------------------------------------------------------------------------------------------


def exporter(nom: str, format_voulu: str, **filtres: str):
    c = client(nom)
    requete = "&".join(f"{cle}={valeur}" for cle, valeur in filtres.items())
    return c.post(f"{LISTE}exporter/?{requete}", {"format": format_voulu})


def test_le_csv_est_ce_qui_est_filtre() -> None:
    piege = Projet.objects.filter(entente__code="02-2024", etat="depose").first()
    Projet.objects.filter(pk=piege.pk).update(titre="=HYPERLINK(1)")
    reponse = exporter("coordination", "csv", etat__exact="depose")
    lignes = list(csv.reader(StringIO(b"".join(reponse.streaming_content).decode("utf-8-sig")), delimiter=";"))
    attendus = set(liste(etat__exact="depose").queryset.values_list("numero", flat=True))
    assert {ligne[0] for ligne in lignes[1:]} == attendus
    assert "'=HYPERLINK(1)" in {ligne[1] for ligne in lignes}
    assert "Note sur 100" in lignes[0]


def test_le_xlsx_porte_ses_totaux_et_l_agent_n_a_pas_les_notes() -> None:
    classeur = openpyxl.load_workbook(BytesIO(b"".join(exporter("coordination", "xlsx").streaming_content)))
    rangees = list(classeur.active.iter_rows(values_only=True))
    assert rangees[-1][0] == "Total"
    assert Decimal(str(rangees[-1][9])) == liste().totaux.demande
    csv_agent = b"".join(exporter("agent", "csv").streaming_content).decode("utf-8-sig")
    assert "Note sur 100" not in csv_agent.splitlines()[0]


def test_un_long_export_devient_un_travail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projets.admin.liste.COURT", 2)
    reponse = exporter("coordination", "xlsx")
    travail = Travail.objects.latest("pk")
    assert reponse["Location"] == travail.get_absolute_url()
    travaux.executer(travail.pk)
    travail.refresh_from_db()
    assert travail.etat == "termine"
    lien = reverse("socle:telecharger", args=[travail.fichier.uuid])
    octets = b"".join(client("coordination").get(lien).streaming_content)
    assert openpyxl.load_workbook(BytesIO(octets)).active.max_row == liste().result_count + 4
    for nom in ("finances", "organismes", "coordination.lanaudiere", "ministere"):
        assert client(nom).get(lien).status_code == 404, "un export n'est qu'à qui l'a demandé"


@pytest.mark.parametrize("nom", ["promoteur", "evaluation1", "ministere"])
def test_qui_n_est_pas_de_l_equipe_n_exporte_pas(nom: str) -> None:
    assert exporter(nom, "csv").status_code == 302
