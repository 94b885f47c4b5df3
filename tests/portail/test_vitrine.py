"""Pages publiques des Alliances : les vingt et une, ce que chacune montre, l'embargo (R28), l'image."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from alliances.models import (
    Comite,
    Entente,
    InstanceDecisionnelle,
    Mandataire,
    MembreComite,
    NomMandataire,
    ObjectifPlan,
    PlanTravail,
    SiegeVecu,
    TrancheMinistere,
    ZoneVisee,
)
from alliances.services.mandataires import designer_mandataire, modifier_image, renommer_mandataire
from appels.models import Appel
from projets.models import DecisionLigne, Projet
from socle.erreurs import Refus
from socle.formats import argent
from socle.horloge import aujourd_hui, maintenant
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
JOUR = aujourd_hui()


def page(adresse: str = "/alliances/02/", nom: str = "anonyme") -> str:
    reponse = client(nom).get(adresse)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def mandataire(code: str = "02") -> Mandataire:
    return Mandataire.objects.get(code=code)


def image(format_: str = "PNG", nom: str = "logo.png", taille: tuple[int, int] = (120, 40)) -> SimpleUploadedFile:
    tampon = BytesIO()
    Image.new("RGB", taille, "#204060").save(tampon, format_)
    return SimpleUploadedFile(nom, tampon.getvalue())


def changer_image(code: str = "02", **champs: object) -> Mandataire:
    arguments = {
        "mandataire": mandataire(code),
        "nom_public": "",
        "couleur": "",
        "partenaires_en_ligne": "",
        "auteur": personne("coordination"),
        "instant": maintenant(),
    }
    return modifier_image(**{**arguments, **champs})


# La liste ---------------------------------------------------------------------------------------------------


def test_les_vingt_et_une_par_region() -> None:
    contenu = page("/alliances/")
    liens = re.findall(r'href="/alliances/(\w+)/"', contenu)
    assert len(set(liens)) == 21
    groupes = re.split(r'scope="rowgroup"', contenu)[1:]
    par_groupe = {re.search(r">([^<]+)<", g)[1]: len(re.findall(r'href="/alliances/\w+/"', g)) for g in groupes}
    assert len(par_groupe) == 18
    assert {nom: n for nom, n in par_groupe.items() if n != 1} == {
        "Nord-du-Québec": 3,
        "Gaspésie–Îles-de-la-Madeleine": 2,
    }
    assert list(par_groupe)[-1] == "Hors région administrative"


@pytest.mark.parametrize(
    ("mots", "codes"),
    [
        ("iles", {"11A", "11B"}),
        ("cote-nord", {"09"}),
        ("MARIA", {"02"}),
        ("eeyou", {"10B"}),
        ("premieres nations", {"PN"}),
        ("xyz", set()),
    ],
)
def test_la_recherche_ignore_les_accents_et_trouve_les_mrc(mots: str, codes: set[str]) -> None:
    contenu = client("anonyme").get("/alliances/", {"q": mots}).content.decode()
    assert set(re.findall(r'href="/alliances/(\w+)/"', contenu)) == codes
    if not codes:
        assert "Aucune Alliance trouvée" in contenu


def test_cible_3_la_couverture_se_lit() -> None:
    contenu = page("/alliances/")
    assert "104 des 104 MRC" in contenu
    assert "Tout le Québec" in contenu
    Entente.objects.filter(code="13-2017").update(etat="brouillon")
    contenu = page("/alliances/")
    assert "103 des 104 MRC" in contenu
    assert "Incomplet" in contenu


def test_le_nombre_de_requetes_ne_suit_pas_le_contenu() -> None:
    def compter(adresse: str) -> int:
        c = Client()
        c.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            c.get(adresse)
        return len(requetes)

    assert compter("/alliances/") == compter("/alliances/?q=saguenay") <= 8
    vide, pleine = compter("/alliances/01/"), compter("/alliances/02/")
    assert pleine <= 14
    assert pleine - vide <= 2, "les objectifs du plan, quand il y en a un, et les périodes des appels"
    assert compter("/alliances/06/") == vide


# La page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", [*(f"{n:02d}" for n in range(1, 18) if n not in {10, 11}), "10A", "10B", "10C", "11A", "11B", "PN"]
)
def test_chaque_alliance_a_sa_page(code: str) -> None:
    contenu = page(f"/alliances/{code}/")
    assert mandataire(code).enseigne in contenu
    for titre in ("Qui est le mandataire", "Reçu, accordé, versé", "Territoires et contacts", "Qui décide"):
        assert titre in contenu


def test_un_code_inconnu_est_introuvable() -> None:
    assert Client().get("/alliances/99/").status_code == 404
    assert Client().get("/alliances/99/image.css").status_code == 404


def test_qui_est_le_mandataire() -> None:
    NomMandataire.objects.create(
        mandataire=mandataire("03"), nom="Ancien nom (démonstration)", depuis=JOUR - timedelta(days=900), jusqua=JOUR
    )
    contenu = page("/alliances/03/")
    for mots in (
        "Forum des élus de la Capitale-Nationale, en octobre 2018",
        "Fiduciaire",
        "Ancien nom (démonstration)",
    ):
        assert mots in contenu
    assert "418 487-5453" in page("/alliances/02/")


def test_territoires_mrc_communautes_et_contacts() -> None:
    contenu = page("/alliances/02/")
    for mots in ("Maria-Chapdelaine", "Le Domaine-du-Roy", "mc@demo.example", "418 555-0115"):
        assert mots in contenu
    assert "Whapmagoostui" in page("/alliances/10B/")
    assert contenu.count("(démonstration)") >= 6
    lanaudiere = page("/alliances/14/")
    assert lanaudiere.index("projets régionaux") < lanaudiere.index("Matawinie")
    assert lanaudiere.count('class="arbre"') == 2, "les six MRC sont dans le territoire régional"


def test_un_montant_inconnu_est_non_publie() -> None:
    contenu = page("/alliances/11B/")
    assert contenu.count("non publié") >= 4
    assert " $" not in re.sub(r"<footer.*", "", contenu, flags=re.DOTALL)


def test_recu_accorde_verse_tombent_juste() -> None:
    entente = Entente.objects.get(code="02-2017")
    TrancheMinistere.objects.filter(entente=entente).delete()
    for rang, montant in enumerate((1_000_000, 234_567)):
        jour = JOUR - timedelta(days=rang)
        TrancheMinistere.objects.create(
            entente=entente, exercice="2019-2020", prevue=montant, prevue_le=jour, recue=montant, recue_le=jour
        )
    lignes = DecisionLigne.objects.filter(entente=entente, decision__projet__appel__etat="annonce")
    accorde = sum(ligne.montant for ligne in lignes)
    verse = sum(ligne.engagement.verse for ligne in lignes.select_related("engagement"))
    assert accorde == Decimal(2_733_155 + 1_298_566)
    contenu = page()
    for montant in (Decimal(5_472_634), Decimal(1_234_567), accorde, verse):
        assert argent(montant).replace("\u00a0", " ") in contenu


def test_appels_et_exemples_annonces() -> None:
    contenu = page()
    assert contenu.index("Ouverts") < contenu.index("agir ensemble contre la pauvreté") < contenu.index("Passés")
    assert "Deuxième appel de projets 2019-2020" in contenu
    exemples = contenu[contenu.index("Exemples de projets soutenus") :]
    assert exemples.count('class="carte"') == 6


def test_le_plan_en_vigueur_et_rien_d_interne() -> None:
    entente = Entente.objects.get(code="02-2024")
    PlanTravail.objects.filter(entente=entente).update(etat="remplace")
    plan = PlanTravail.objects.create(
        entente=entente,
        version=90,
        etat="accepte",
        cree_le=maintenant(),
        depose_le=maintenant(),
        accepte_le=maintenant(),
        orientations="Orientation publique",
        commentaire="Canari du ministère",
    )
    plan.priorites.add(entente.priorites.order_by("ordre").first())
    plan.zones.add(ZoneVisee.objects.filter(entente=entente).order_by("ordre").first())
    ObjectifPlan.objects.create(entente=entente, plan=plan, code="A1", libelle="Objectif public", echeance=JOUR)
    contenu = page()
    for mots in (
        "Orientation publique",
        "Secteur visé de Chicoutimi",
        "Objectif public",
        entente.priorites.first().libelle,
    ):
        assert mots in contenu
    assert "Canari" not in contenu
    PlanTravail.objects.filter(pk=plan.pk).update(etat="depose")
    assert "Orientation publique" not in page(), "un plan déposé, pas encore accepté, n'est pas public"


def test_qui_decide_en_nombres_sans_nom_de_personne() -> None:
    entente = Entente.objects.get(code="02-2024")
    comite = Comite.objects.create(
        entente=entente, type="analyse", nom="Comité public", depuis=JOUR - timedelta(days=9)
    )
    for rang, secteur in enumerate(("sante", "sante", "communautaire")):
        MembreComite.objects.create(
            entente=entente,
            comite=comite,
            nom=f"Canari personne {rang}",
            represente="Canari représenté",
            secteur=secteur,
            depuis=JOUR - timedelta(days=9),
        )
    for rang, etat in enumerate(("pourvu", "vacant"), start=1):
        SiegeVecu.objects.create(entente=entente, comite=comite, rang=rang, etat=etat, depuis=JOUR)
    InstanceDecisionnelle.objects.create(
        entente=entente, nom="instance finie", depuis=JOUR - timedelta(days=99), jusqua=JOUR - timedelta(days=1)
    )
    contenu = page()
    for mots in ("Comité public", "CISSS et CIUSSS : 2", "Sièges de personnes expertes de vécu : 2, 1 pourvu"):
        assert mots in contenu
    assert "Canari" not in contenu
    assert "nstance finie" not in contenu
    assert "Conseil de la MRC de Manicouagan" in page("/alliances/09/")


# L'embargo (R28) --------------------------------------------------------------------------------------------


def test_r28_un_octroi_non_annonce_ne_parait_nulle_part() -> None:
    """L'appel ouvert de 02-2024 a déjà un octroi et un versement : aucun n'est annoncé."""
    octroi = Projet.objects.filter(entente__code="02-2024", etat="accepte").order_by("pk").first()
    Projet.objects.filter(pk=octroi.pk).update(titre="Canari titre", resume_public="Canari résumé")
    montants = DecisionLigne.objects.filter(entente__code="02-2024").values_list("montant", "engagement__verse")
    assert montants
    for adresse in ("/alliances/", "/alliances/02/", "/", "/appels/"):
        contenu = page(adresse)
        assert "Canari" not in contenu
        assert octroi.organisme.nom not in contenu
    contenu = page()
    rangee = next(r for r in contenu.split("<tr>") if "2024-2029" in r)
    assert rangee.count("non publié") == 2, "ni accordé, ni versé"
    for montant in {m for paire in montants for m in paire if m}:
        assert argent(montant).replace("\u00a0", " ") not in contenu


def test_r28_l_annonce_le_montre() -> None:
    octroi = Projet.objects.filter(entente__code="02-2024", etat="accepte").order_by("pk").first()
    Projet.objects.filter(pk=octroi.pk).update(titre="Canari titre")
    appel = Appel.objects.filter(pk=octroi.appel_id)
    appel.update(etat="annonce", annonce_le=maintenant() + timedelta(hours=1))
    assert "Canari" not in page(), "annoncé pour dans une heure : pas encore"
    appel.update(annonce_le=maintenant() - timedelta(minutes=1))
    assert "Canari titre" in page()


def test_un_projet_refuse_ou_en_brouillon_n_est_jamais_un_exemple() -> None:
    for etat in ("refuse", "brouillon", "depose"):
        projet = Projet.objects.filter(entente__mandataire__code="02", etat=etat).first()
        Projet.objects.filter(pk=projet.pk).update(titre=f"Canari {etat}")
    assert "Canari" not in page()


# L'image ----------------------------------------------------------------------------------------------------


def test_la_couleur_s_applique_a_l_alliance_et_a_ses_appels_seulement() -> None:
    changer_image(couleur="#5B2A86", nom_public="Alliance 02", partenaires_en_ligne="Avec nos partenaires")
    for adresse in ("/alliances/02/", "/appels/02-2024-1/", "/appels/02-2017-2/"):
        contenu = page(adresse)
        assert "/alliances/02/image.css?v=5b2a86" in contenu
        assert "Alliance 02" in contenu
        assert "Avec nos partenaires" in contenu
    for adresse in ("/", "/alliances/", "/alliances/14/", "/appels/"):
        assert "image.css" not in page(adresse)


def test_la_feuille_est_du_css_que_le_navigateur_garde() -> None:
    changer_image(couleur="#5b2a86")
    reponse = Client().get("/alliances/02/image.css")
    assert reponse["Content-Type"].startswith("text/css")
    assert "max-age" in reponse["Cache-Control"]
    assert "public" in reponse["Cache-Control"]
    assert "--bandeau: #5b2a86" in reponse.content.decode()
    assert "Set-Cookie" not in reponse
    assert Client().get("/alliances/14/image.css").content.strip() == b""


@pytest.mark.parametrize("couleur", ["#ffff00", "#777777", "rouge", "#12345", "#fff;}body{display:none"])
def test_une_couleur_illisible_est_refusee(couleur: str) -> None:
    with pytest.raises(Refus) as refus:
        changer_image(couleur=couleur)
    assert (refus.value.code, refus.value.champ) == ("contraste", "couleur")
    assert mandataire().couleur == ""


def test_une_couleur_rangee_qui_ne_se_lit_pas_n_est_jamais_servie() -> None:
    Mandataire.objects.filter(code="02").update(couleur="#ffff00")
    assert Client().get("/alliances/02/image.css").content.strip() == b""


@pytest.mark.parametrize(("format_", "nom"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("WEBP", "a.webp")])
def test_un_logo_se_sert_a_tout_le_monde(format_: str, nom: str) -> None:
    changer_image(logo=image(format_, nom), texte_logo="Logo de l’Alliance")
    reponse = Client().get("/alliances/02/logo")
    assert reponse.status_code == 200
    octets = b"".join(reponse.streaming_content)
    assert Image.open(BytesIO(octets)).size == (120, 40)
    assert reponse["Content-Type"] == f"image/{format_.lower()}"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reponse["Content-Security-Policy"]
    contenu = page()
    assert 'alt="Logo de l’Alliance"' in contenu
    assert 'class="logo"' in page("/appels/02-2024-1/")
    assert mandataire().logo.metadonnees["largeur"] == 120


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("fichier", "code"),
    [
        (SimpleUploadedFile("logo.svg", SVG), "type"),
        (SimpleUploadedFile("logo.png", SVG), "contenu"),
        (SimpleUploadedFile("logo.pdf", b"%PDF-1.7"), "type"),
        (SimpleUploadedFile("logo.png", b""), "vide"),
        (SimpleUploadedFile("logo.png", b"x" * 600_000), "taille"),
        (image("JPEG", "logo.png"), "contenu"),
    ],
)
def test_logos_refuses(fichier: SimpleUploadedFile, code: str) -> None:
    with pytest.raises(Refus) as refus:
        changer_image(logo=fichier, texte_logo="Logo")
    assert (refus.value.code, refus.value.champ) == (code, "logo")
    assert mandataire().logo is None


def test_un_logo_a_toujours_son_texte_et_se_retire() -> None:
    with pytest.raises(Refus) as refus:
        changer_image(logo=image())
    assert refus.value.champ == "texte_logo"
    changer_image(logo=image(), texte_logo="Logo")
    ancien = mandataire().logo
    changer_image(texte_logo="Nouveau texte")
    assert mandataire().logo == ancien
    assert mandataire().logo.metadonnees["texte"] == "Nouveau texte"
    changer_image(retirer_logo=True)
    assert mandataire().logo is None
    assert Client().get("/alliances/02/logo").status_code == 404
    assert client("coordination").get(reverse("socle:telecharger", args=[ancien.uuid])).status_code == 404


def test_l_image_et_la_fiche_par_les_pages() -> None:
    c, m = client("coordination"), mandataire()
    adresse = reverse("admin:alliances_mandataire_image", args=[m.pk])
    contenu = c.get(adresse).content.decode()
    assert 'enctype="multipart/form-data"' in contenu
    assert "ni la signature du gouvernement" in contenu
    refuse = c.post(adresse, {"couleur": "#ffff00", "logo": image()})
    assert "contraste" in refuse.content.decode()
    assert c.post(adresse, {"couleur": "#5b2a86", "logo": image(), "texte_logo": "Logo"}).status_code == 302
    fiche = reverse("admin:alliances_mandataire_fiche", args=[m.pk])
    assert c.post(fiche, {"presentation": "Présentation écrite", "telephone": "418 555-0100"}).status_code == 302
    contenu = page()
    assert "Présentation écrite" in contenu
    assert "418 555-0100" in contenu


def test_le_fiduciaire_designe_par_le_ministere_se_lit_sur_la_page() -> None:
    designer_mandataire(
        mandataire=mandataire(),
        designe_par="Les élus (démonstration)",
        designe_le=None,
        resolution="",
        inscrit_req=False,
        fiduciaire="Fiduciaire (démonstration)",
        auteur=personne("ministere"),
        instant=maintenant(),
    )
    assert "Fiduciaire (démonstration)" in page()


def test_changer_de_nom_garde_l_ancien_et_ses_dates() -> None:
    m, ancien = mandataire(), mandataire().nom
    faire = {"mandataire": m, "auteur": personne("ministere"), "instant": maintenant()}
    with pytest.raises(Refus, match="déjà son nom"):
        renommer_mandataire(**faire, nom=ancien, depuis=JOUR)
    renommer_mandataire(**faire, nom="Nouveau nom (démonstration)", depuis=JOUR)
    assert list(m.noms.values_list("nom", "depuis", "jusqua")) == [
        (ancien, Entente.objects.get(code="02-2017").debut, JOUR - timedelta(days=1))
    ]
    with pytest.raises(Refus, match="plus tard"):
        renommer_mandataire(**faire, nom="Encore un", depuis=JOUR - timedelta(days=3))
    contenu = page()
    assert "Nouveau nom (démonstration)" in contenu
    assert ancien in contenu


@pytest.mark.parametrize("nom", ["secretariat", "agent", "ministere", "coordination.lanaudiere", "promoteur"])
def test_seule_la_coordination_change_l_image(nom: str) -> None:
    with pytest.raises(Refus) as refus:
        changer_image(couleur="#5b2a86", auteur=personne(nom))
    assert refus.value.code == "permission"


def test_des_liens_menent_aux_pages_des_alliances() -> None:
    assert 'href="/alliances/"' in page("/")
    assert 'href="/alliances/02/"' in page("/appels/02-2024-1/")
