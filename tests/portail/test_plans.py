"""Le plan et la gouvernance à l'écran : espace du ministère, actes de l'admin, files de l'accueil, rappels, ce que le public voit."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliances.models import (
    AvisSectoriel,
    Comite,
    Consultation,
    EngagementPartenaire,
    InstanceDecisionnelle,
    MembreComite,
    ObjectifPlan,
    Partenaire,
    PlanTravail,
    Priorite,
)
from alliances.requetes.plans import lignes_de_plan
from alliances.services import plans as services
from appels.models import Appel
from comptes.enums import Role
from portail.rappels import battre
from portail.suivi_plan import suivi_du_plan
from projets.models import Projet
from socle.horloge import EST, aujourd_hui, maintenant
from socle.models import Courriel, Rappel
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


def plan_02(etat: str = "accepte", lettres: str | None = None) -> PlanTravail:
    territoire = {"territoire__code": lettres} if lettres else {"territoire": None}
    return PlanTravail.objects.select_related("entente__mandataire").get(
        entente__code="02-2024", etat=etat, **territoire
    )


def admin(acte: str, objet, element=None) -> str:
    base = f"admin:{objet._meta.app_label}_{objet._meta.model_name}_{acte}"
    adresse = reverse(base, args=[objet.pk])
    return f"{adresse}?element={element.pk}" if element else adresse


# Ministère ----------------------------------------------------------------------------------------------------


def test_la_liste_montre_d_abord_ce_qui_attend() -> None:
    lignes = lignes_de_plan(personne("ministere"), aujourd_hui())
    assert [ligne.situation for ligne in lignes] == ["a_examiner", "retourne", *["en_vigueur"] * (len(lignes) - 2)]
    page = client("ministere").get("/ministere/plans/").content.decode()
    assert reverse("portail:plan", args=[plan_02("depose", "DR").pk]) in page
    assert 'href="/ministere/plans/" aria-current="page"' in page
    assert 'href="/ministere/" aria-current="page"' not in page
    filtree = client("ministere").get("/ministere/plans/", {"situation": "en_retard"}).content.decode()
    assert "Aucun plan dans cette situation" in filtree


def test_un_plan_en_retard_parait_en_tete() -> None:
    PlanTravail.objects.filter(pk=plan_02("brouillon", "LE").pk).update(echeance=aujourd_hui() - timedelta(days=1))
    situations = [ligne.situation for ligne in lignes_de_plan(personne("ministere"), aujourd_hui())]
    assert situations[:2] == ["a_examiner", "en_retard"]


@pytest.mark.parametrize(("bouton", "etat"), [("accepter", "accepte"), ("retourner", "brouillon")])
def test_le_ministere_accepte_ou_retourne_par_sa_page(bouton: str, etat: str) -> None:
    plan = plan_02("depose", "DR")
    adresse = reverse("portail:plan", args=[plan.pk])
    assert client("ministere").post(adresse, {bouton: "1", "commentaire": "Voici."}).status_code == 302
    plan.refresh_from_db()
    assert (plan.etat, plan.commentaire) == (etat, "Voici.")


def test_retourner_sans_commentaire_se_refuse_dans_la_page() -> None:
    plan = plan_02("depose", "DR")
    reponse = client("ministere").post(reverse("portail:plan", args=[plan.pk]), {"retourner": "1", "commentaire": ""})
    assert "Écrivez ce que la coordination doit revoir" in reponse.content.decode()
    plan.refresh_from_db()
    assert plan.etat == "depose"


def test_le_ministere_ne_lit_pas_un_brouillon() -> None:
    jamais = services.preparer_version(
        plan=plan_02(), echeance=None, auteur=personne("coordination"), instant=maintenant()
    )
    for plan in (jamais, plan_02("brouillon", "LE")):
        assert client("ministere").get(reverse("portail:plan", args=[plan.pk])).status_code == 404
    assert jamais not in PlanTravail.objects.visibles_pour(personne("ministere"))


def test_une_direction_regionale_ne_voit_que_sa_region() -> None:
    affectation = personne("ministere").affectations.get(role=Role.MINISTERE)
    affectation.region = PlanTravail.objects.filter(entente__code="14-2017").first().entente.mandataire.region
    affectation.save()
    c = client("ministere")
    assert c.get(reverse("portail:plan", args=[plan_02().pk])).status_code == 404
    assert "02-2024" not in c.get("/ministere/plans/").content.decode()


# Suivi --------------------------------------------------------------------------------------------------------


def test_les_appels_et_les_projets_d_un_objectif_se_comptent() -> None:
    lus = {o.objectif.code: o for o in suivi_du_plan(plan_02(), aujourd_hui()).objectifs}
    assert {code: str(o.etat) for code, o in lus.items()} == {"O1": "en_retard", "O2": "fait", "O3": "a_faire"}
    assert (lus["O1"].appels, lus["O2"].appels, lus["O2"].projets) == (1, 0, 0)
    deposes = Projet.objects.filter(
        appel__code="02-2024-1", depose_le__isnull=False, priorite__code="securite_alimentaire"
    )
    assert lus["O1"].projets == deposes.count() > 0
    assert lus["O1"].soutenus == deposes.filter(etat="accepte").count()


def test_lire_un_plan_coute_autant_quel_que_soit_son_contenu() -> None:
    """Trois objectifs, engagements et consultations de plus : pas une requête de plus."""
    plan, jour, comptes = plan_02(), aujourd_hui(), []
    for nombre in (0, 3):
        for rang in range(nombre):
            ObjectifPlan.objects.create(entente=plan.entente, plan=plan, code=f"X{rang}", libelle="X")
            EngagementPartenaire.objects.create(
                entente=plan.entente, plan=plan, partenaire=plan.entente.partenaires.first(), promis=1, description=rang
            )
            Consultation.objects.create(entente=plan.entente, tenue_le=jour, lieu="X", constats="X")
        with CaptureQueriesContext(connection) as requetes:
            suivi_du_plan(plan, jour)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1] <= 9


# Actes de l'admin ---------------------------------------------------------------------------------------------


def test_de_la_nouvelle_version_au_depot_par_l_admin() -> None:
    c, ancien = client("coordination"), plan_02()
    reponse = c.post(admin("version", ancien), {"echeance": "2027-03-31"})
    plan = PlanTravail.objects.get(entente=ancien.entente, territoire=None, etat="brouillon")
    assert reponse["Location"] == admin("change", plan)
    page = c.get(admin("change", plan)).content.decode()
    assert admin("objectif", plan) in page
    textes = {"orientations": "Agir.", "structure": "La table.", "mecanique": "", "echeance": "2027-03-31"}
    ch = plan.entente.territoires.get(code="CH")
    partenaire = Partenaire.objects.filter(entente=plan.entente).first()
    gestes = (
        ("textes", textes),
        ("priorite", {"libelle": "Répit", "niveau": "locale", "territoire": ch.pk}),
        ("zone", {"nom": "Bas de la côte", "motif": "", "territoire": ch.pk}),
        ("objectif", {"code": "O7", "libelle": "Essai", "priorite": "", "echeance": ""}),
        ("engagement", {"partenaire": partenaire.pk, "nature": "nature", "description": "", "promis": "1 250,50"}),
        ("fait", {"objectif": plan.objectifs.get(code="O1").pk, "fait_le": aujourd_hui().isoformat()}),
        ("recu", {"engagement": plan.engagements.first().pk, "recu": "10,00"}),
        ("priorites", {"priorites": [p.pk for p in Priorite.objects.filter(entente=plan.entente)]}),
        ("zones", {"zones": [z.pk for z in plan.entente.zones.all()]}),
        ("retirer", {"element": f"objectif-{plan.objectifs.get(code='O2').pk}"}),
        ("deposer", {}),
    )
    for acte, valeurs in gestes:
        reponse = c.post(admin(acte, plan), valeurs)
        assert reponse.status_code == 302, (acte, reponse.content.decode()[-2000:])
    plan.refresh_from_db()
    assert (plan.etat, plan.orientations) == ("depose", "Agir.")
    assert {o.code for o in plan.objectifs.all()} == {"O1", "O3", "O7"}
    assert c.post(admin("textes", plan), textes).status_code == 200, "déposé : le refus se lit dans la page"


def test_modifier_un_element_le_retrouve_dans_la_page() -> None:
    c, plan = client("coordination"), plan_02("brouillon", "LE")
    c.post(admin("objectif", plan), {"code": "A1", "libelle": "Premier essai", "priorite": "", "echeance": ""})
    objectif = plan.objectifs.get(code="A1")
    assert "Premier essai" in c.get(admin("objectif", plan, objectif)).content.decode()
    c.post(admin("objectif", plan, objectif), {"code": "A1", "libelle": "Deuxième", "priorite": "", "echeance": ""})
    objectif.refresh_from_db()
    assert objectif.libelle == "Deuxième"
    for faux in ("0", "x", "9" * 400, "٣"):
        assert c.get(f"{admin('objectif', plan)}?element={faux}").status_code == 404
    d_ailleurs = plan_02().objectifs.first()
    assert c.get(admin("objectif", plan, d_ailleurs)).status_code == 404


def test_gouvernance_par_l_admin() -> None:
    c, table = client("coordination"), Comite.objects.get(entente__code="02-2024", type="table")
    jour = aujourd_hui().isoformat()
    membre = {"nom": "Direction (démonstration)", "secteur": "affaires", "role": "membre", "vote": "on", "depuis": jour}
    assert c.post(admin("membre", table), membre).status_code == 302
    ajoute = MembreComite.objects.get(nom="Direction (démonstration)", comite=table)
    assert c.post(admin("fin_membre", table), {"membre": ajoute.pk, "jusqua": jour}).status_code == 302
    assert c.post(admin("ouvrir_siege", table), {}).status_code == 302
    siege = table.sieges.order_by("-rang").first()
    assert c.post(admin("siege", table), {"siege": siege.pk, "etat": "invite"}).status_code == 302
    siege.refresh_from_db()
    assert siege.etat == "invite"
    observation = c.post(admin("membre", table), {**membre, "role": "observation"})
    assert "n’a pas droit de vote" in observation.content.decode()


@pytest.mark.parametrize(
    ("creation", "modele", "valeurs"),
    [
        ("alliances_comite_creer", Comite, {"type": "local", "nom": "Nouveau", "depuis": "2026-01-01"}),
        (
            "alliances_instancedecisionnelle_creer",
            InstanceDecisionnelle,
            {"genre": "table", "nom": "Nouveau", "depuis": "2026-01-01"},
        ),
        ("alliances_partenaire_creer", Partenaire, {"nom": "Nouveau", "famille": "affaires"}),
        (
            "alliances_consultation_creer",
            Consultation,
            {"lieu": "Nouveau", "tenue_le": "2025-01-01", "constats": "Ceci."},
        ),
    ],
)
def test_creer_demande_d_abord_l_entente(creation: str, modele, valeurs: dict) -> None:
    c, adresse = client("coordination"), reverse(f"admin:{creation}")
    assert c.post(adresse, {"entente": "02-2024"})["Location"] == f"{adresse}?entente=02-2024"
    reponse = c.post(f"{adresse}?entente=02-2024", valeurs)
    cree = modele.objects.order_by("-pk").first()
    assert reponse["Location"] == admin("change", cree)
    assert cree.entente.code == "02-2024"
    assert c.get(admin("change", cree)).status_code == 200
    assert client("coordination.lanaudiere").get(f"{adresse}?entente=02-2024").status_code == 404
    assert client("coordination").get(f"{adresse}?entente=14-2017").status_code == 404


def test_le_plan_d_un_territoire_delegue_se_cree_par_l_admin() -> None:
    c, adresse = client("coordination"), f"{reverse('admin:alliances_plantravail_creer')}?entente=02-2024"
    page = c.get(adresse).content.decode()
    assert "Domaine-du-Roy" in page
    assert "Chicoutimi" not in page, "sans délégation"
    reponse = c.post(adresse, {"territoire": "", "echeance": ""})
    assert PlanTravail.objects.get(entente__code="02-2024", territoire=None, etat="brouillon").version == 3
    assert reponse.status_code == 302


def test_avis_par_l_admin() -> None:
    c, avis = client("coordination"), AvisSectoriel.objects.get(entente__code="02-2024", etat="demande")
    assert "En retard" in c.get(admin("change", avis)).content.decode()
    assert c.post(admin("relancer", avis), {}).status_code == 302
    assert "déjà été relancé" in c.post(admin("relancer", avis), {}).content.decode()
    assert c.post(admin("recevoir", avis), {"reponse": "Dix."}).status_code == 302
    avis.refresh_from_db()
    assert avis.etat == "recu"
    retards = c.get("/admin/alliances/avissectoriel/", {"retard": "oui"}).content.decode()
    assert avis.destinataire not in retards


# Accueil de la coordination -----------------------------------------------------------------------------------


def test_files_de_l_accueil() -> None:
    accueil = client("coordination").get("/admin/").content.decode()
    for titre in ("Plans de travail à déposer", "Avis sectoriels en retard", "Sièges de vécu à pourvoir"):
        assert titre in accueil
    assert "Retourné par le ministère" in accueil
    assert "Drapeau rouge" not in accueil
    Comite.objects.get(entente__code="02-2024", type="table").sieges.update(etat="vacant")
    accueil = client("coordination").get("/admin/").content.decode()
    assert "Drapeau rouge : aucune personne experte de vécu" in accueil.replace("\u00a0", " ")
    assert "Sièges de vécu à pourvoir" not in accueil, "le drapeau les dit déjà"
    assert "Drapeau rouge" not in client("finances").get("/admin/").content.decode()


# Rappels ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("jours", "palier"), [(-30, "J-30"), (-7, "J-7"), (0, "J"), (7, "J+7")])
def test_rappel_du_plan_a_neuf_heures_une_seule_fois(jours: int, palier: str) -> None:
    plan = plan_02("brouillon", "LE")
    PlanTravail.objects.filter(pk=plan.pk).update(cree_le=datetime(2020, 1, 1, tzinfo=UTC))
    jour = plan.echeance + timedelta(days=jours)
    neuf_heures = datetime(jour.year, jour.month, jour.day, 9, tzinfo=EST)
    Rappel.objects.filter(genre="plan").delete()
    battre(neuf_heures - timedelta(minutes=1))
    assert not Rappel.objects.filter(genre="plan", palier=palier).exists()
    battre(neuf_heures)
    battre(neuf_heures + timedelta(hours=3))
    rappel = Rappel.objects.get(genre="plan", objet_id=plan.pk, palier=palier)
    assert rappel.destinataire == "coordination@demo.example"
    assert ("devait être déposé" in rappel.courriel.texte) is (jours > 0)


def test_un_plan_depose_ou_oublie_ne_se_rappelle_plus() -> None:
    plan = plan_02("brouillon", "LE")
    PlanTravail.objects.filter(pk=plan.pk).update(cree_le=datetime(2020, 1, 1, tzinfo=UTC))
    Rappel.objects.filter(genre="plan").delete()
    tard = datetime(plan.echeance.year, plan.echeance.month, plan.echeance.day, 15, tzinfo=UTC) + timedelta(days=40)
    battre(tard)
    assert not Rappel.objects.filter(genre="plan").exists()
    services.deposer_plan(plan=plan, auteur=personne("coordination"), instant=maintenant())
    battre(tard - timedelta(days=40))
    assert not Rappel.objects.filter(genre="plan").exists()


# Public -------------------------------------------------------------------------------------------------------


def test_l_appel_public_montre_le_plan_cite() -> None:
    page = client("anonyme").get("/appels/02-2024-1/").content.decode()
    assert "Le plan de travail et ses priorités" in page
    assert "Participation des personnes concernées" in page
    Appel.objects.filter(code="02-2024-1").update(plan=None)
    assert "Le plan de travail et ses priorités" not in client("anonyme").get("/appels/02-2024-1/").content.decode()


def test_canari_rien_de_la_gouvernance_n_est_public() -> None:
    """Ni membre, ni siège, ni consultation dans une page ouverte; le ministère ne voit pas non plus les membres."""
    noms = set(MembreComite.objects.values_list("nom", flat=True)) | {"Invitation faite", "siège de personne"}
    vues = [
        client("anonyme").get(a).content.decode() for a in ("/", "/appels/", "/appels/02-2024-1/", "/appels/02-2017-2/")
    ]
    vues.append(client("promoteur").get("/projets/").content.decode())
    vues.append(client("ministere").get(reverse("portail:plan", args=[plan_02().pk])).content.decode())
    assert not [nom for nom in noms for page in vues if nom in page]


def test_canari_un_siege_ne_parait_pas_a_cote_d_un_nom() -> None:
    """La page du comité compte les sièges dans leur propre tableau; le formulaire du siège n'a aucun champ libre."""
    c, table = client("coordination"), Comite.objects.get(entente__code="02-2024", type="table")
    page = c.get(admin("change", table)).content.decode()
    sieges = page[page.index('id="sieges"') : page.index('id="manques"')]
    assert not any(nom in sieges for nom in MembreComite.objects.values_list("nom", flat=True))
    formulaire = c.get(admin("siege", table)).content.decode()
    formulaire = formulaire[formulaire.index('<form method="post" novalidate') :]
    formulaire = formulaire[: formulaire.index("</form>")]
    assert 'type="text"' not in formulaire
    assert "<textarea" not in formulaire
    assert not Courriel.objects.filter(objet_type="alliances.siegevecu").exists()
