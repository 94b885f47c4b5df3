"""Le contrat : désigner, créer, signer, amender, recevoir, suspendre, clore; figures publiées (R12, R15, R54)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from alliances.enums import EtatEntente, Origine, PartieSignataire
from alliances.etats.entente import ENTENTE
from alliances.models import Affectation, Avenant, Cycle, Engagement, Entente, Enveloppe, Mandataire
from alliances.regles.ententes import part_en_zone, prolongation_calculee
from alliances.requetes.bilan import bilan_entente
from alliances.requetes.publications import tableau_publie
from alliances.services import ententes as s
from alliances.services import grand_livre
from alliances.services import mandataires as m
from comptes.models import Utilisateur
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.horloge import maintenant
from socle.models import Region
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
D = Decimal


def commun(qui: str = "ministere") -> dict:
    return {"auteur": personne(qui), "instant": maintenant()}


def neuve(**champs: object) -> Entente:
    options = {
        "debut": date(2024, 4, 1),
        "fin": date(2029, 3, 31),
        "montant": D("1000.00"),
        "numero_ministere": "MESS-1",
        "administration_max": D("100.00"),
    }
    return s.creer_entente(
        mandataire=Mandataire.objects.get(code="01"),
        cycle=Cycle.objects.get(code="2024-2029"),
        **{**options, **champs},
        **commun(),
    )


def signer(entente: Entente, *parties: str) -> None:
    for partie in parties or PartieSignataire.values:
        s.inscrire_signature(
            entente=entente, partie=partie, fonction="Direction", signe_le=date(2024, 5, 1), **commun()
        )


def passer(entente: Entente, action: str, motif: str = "Essai", qui: str = "ministere") -> Entente:
    return s.changer_etat(entente=entente, action=action, motif=motif, **commun(qui))


def test_une_entente_de_la_signature_a_la_cloture() -> None:
    entente = neuve()
    assert (entente.code, entente.etat) == ("01-2024", EtatEntente.BROUILLON)
    assert entente.instances.count() == 1
    assert entente.priorites.count() == 10, "les priorités du cycle précédent suivent"
    with pytest.raises(Refus, match=r"Il manque la signature de\s: le ministère, les élus de la région, le mandataire"):
        passer(entente, "activer")
    signer(entente, "ministere", "elus")
    with pytest.raises(Refus, match=r"Il manque la signature de\s: le mandataire"):
        passer(entente, "activer")
    signer(entente, "mandataire")
    entente = passer(entente, "activer")
    assert entente.signee_le == date(2024, 5, 1)
    enveloppe = Enveloppe.objects.create(entente=entente, code="01-2024/RG", libelle="Régionale", nature="regionale")
    options = {"exercice": "2026-2027", "auteur": None, "instant": maintenant()}
    grand_livre.doter(enveloppe, D("900.00"), cle="d", **options)
    engagement = grand_livre.engager(enveloppe, D("300.00"), reference="P1", cle="e", **options)
    with pytest.raises(Refus, match=r"court jusqu’au 31\smars 2029"):
        passer(entente, "ouvrir_cloture")
    Entente.objects.filter(pk=entente.pk).update(fin=date(2026, 3, 31))
    entente = passer(entente, "ouvrir_cloture")
    with pytest.raises(Refus, match="En clôture"):
        grand_livre.engager(enveloppe, D("1.00"), reference="P2", cle="e2", **options)
    with pytest.raises(Refus, match=r"1\sengagement est encore ouvert, 300,00\s\$ à verser\s: P1"):
        passer(entente, "clore")
    grand_livre.verser(engagement, D("300.00"), cle="v", **options)
    Engagement.objects.filter(pk=engagement.pk).update(clos_le=maintenant())
    entente = passer(entente, "clore")
    assert entente.etat == EtatEntente.CLOSE
    with pytest.raises(Refus, match="Clôturée"):
        grand_livre.ajuster(enveloppe, D("-1.00"), cle="a", motif="x", **options)
    with pytest.raises(Refus, match="close"):
        s.inscrire_avenant(entente=entente, ecart=D(1), nouvelle_fin=None, motif="x", signe_le=None, **commun())


ETATS = list(EtatEntente.values)


@pytest.mark.parametrize("etat", ETATS)
@pytest.mark.parametrize("qui", ["ministere", "coordination", "finances", "secretariat"])
def test_etat_par_role(etat: str, qui: str) -> None:
    """La table entière : ce qu'offre chaque état au ministère, rien aux autres."""
    entente = Entente.objects.select_related("mandataire").get(code="02-2017")
    entente.etat = etat
    offertes = {t.action for t in ENTENTE.actions_possibles(entente, personne(qui))}
    attendues = {
        "brouillon": {"activer"},
        "active": {"suspendre", "ouvrir_cloture"},
        "suspendue": {"reprendre", "ouvrir_cloture"},
        "en_cloture": {"clore"},
        "close": set(),
    }
    assert offertes == (attendues[etat] if qui == "ministere" else set())


@pytest.mark.parametrize("qui", ["coordination", "tresorerie", "coordination.lanaudiere"])
def test_seul_le_ministere_ecrit_le_contrat(qui: str) -> None:
    entente = Entente.objects.select_related("mandataire").get(code="02-2024")
    for geste in (
        lambda: passer(entente, "suspendre", qui=qui),
        lambda: s.inscrire_avenant(
            entente=entente, ecart=D(1), nouvelle_fin=None, motif="x", signe_le=None, **commun(qui)
        ),
        lambda: m.designer_mandataire(
            mandataire=entente.mandataire,
            designe_par="x",
            designe_le=None,
            resolution="",
            inscrit_req=True,
            fiduciaire="",
            **commun(qui),
        ),
    ):
        with pytest.raises(Refus, match="Votre rôle ne permet pas"):
            geste()


SUSPENDUE_PERMET = {"degager", "ajuster"}


@pytest.mark.parametrize("acte", ["doter", "engager", "verser", "degager", "ajuster"])
def test_une_entente_suspendue_ne_laisse_que_diminuer(acte: str) -> None:
    enveloppe = Enveloppe.objects.select_related("entente__mandataire").get(code="02-2024/AD")
    engagement = Engagement.objects.get(reference="Poste de coordination")
    with pytest.raises(Refus, match="motif"):
        passer(enveloppe.entente, "suspendre", motif=" ")
    passer(enveloppe.entente, "suspendre")
    options = {"exercice": "2026-2027", "auteur": None, "instant": maintenant(), "cle": "x"}
    gestes = {
        "doter": lambda: grand_livre.doter(enveloppe, D(1), **options),
        "engager": lambda: grand_livre.engager(enveloppe, D(1), reference="x", **options),
        "verser": lambda: grand_livre.verser(engagement, D(1), **options),
        "degager": lambda: grand_livre.degager(engagement, D(1), motif="x", **options),
        "ajuster": lambda: grand_livre.ajuster(enveloppe, D(-1), motif="x", **options),
    }
    if acte in SUSPENDUE_PERMET:
        gestes[acte]()
        return
    with pytest.raises(Refus, match="Suspendue"):
        gestes[acte]()
    passer(enveloppe.entente, "reprendre")


def test_un_avenant_change_le_montant_et_la_fin_jamais_sous_ce_qui_est_reparti() -> None:
    entente = Entente.objects.get(code="02-2024")
    s.inscrire_avenant(
        entente=entente, ecart=D("500.50"), nouvelle_fin=date(2030, 3, 31), motif="Plus", signe_le=None, **commun()
    )
    relue = Entente.objects.get(pk=entente.pk)
    assert (relue.montant, relue.fin) == (entente.montant + D("500.50"), date(2030, 3, 31))
    with pytest.raises(Refus, match=r"descendrait de 0,01\s\$ sous ce qui est réparti") as refus:
        s.inscrire_avenant(
            entente=relue, ecart=D("-500.51"), nouvelle_fin=None, motif="Moins", signe_le=None, **commun()
        )
    assert refus.value.champ == "ecart"
    with pytest.raises(IntegrityError, match="grand_livre_montant_entente"), transaction.atomic():
        Entente.objects.filter(pk=entente.pk).update(montant=1)
    with pytest.raises(Refus, match="le montant ou la fin"):
        s.inscrire_avenant(entente=relue, ecart=None, nouvelle_fin=None, motif="Rien", signe_le=None, **commun())


def test_les_parametres_se_fixent_et_un_appel_ouvert_garde_les_siens() -> None:
    entente = Entente.objects.get(code="02-2024")
    appel = entente.appels.get(rang=1)
    avant = appel.aide
    saisie = {
        "plafond": "60 000,00",
        "plancher": "",
        "taux_max": "87,5 %",
        "cumul_max": "90",
        "tranches": "50/40/10",
        "rapport_final_mois": "2",
        "administration_max": "700 000",
    }
    c = client("ministere")
    assert c.post("/ministere/ententes/02-2024/actes/parametres/", saisie).status_code == 302
    aide = Entente.objects.get(code="02-2024").aide
    assert (aide.plafond, aide.taux_max, aide.cumul_max) == (D(60000), D("0.875"), D("0.9"))
    assert (aide.tranches, aide.rapport_final_mois) == ((50, 40, 10), 2)
    assert entente.appels.get(rang=1).aide == avant
    page = c.get("/ministere/ententes/02-2024/").content.decode()
    assert "50 / 40 / 10" in page
    for champ, valeur, message in (
        ("plancher", "70 000", "dépasse l’aide maximale"),
        ("administration_max", "659 999,99", "déjà dotée"),
        ("tranches", "50/x", "nombres entiers"),
        ("taux_max", "101", "de 0 à 100"),
    ):
        refus = c.post("/ministere/ententes/02-2024/actes/parametres/", {**saisie, champ: valeur})
        assert message in refus.content.decode(), champ


@pytest.mark.parametrize("region", ["02", "10"])
def test_la_liste_d_une_direction_regionale_coute_autant_pour_une_entente_que_pour_trois(
    region: str, django_assert_num_queries
) -> None:
    direction = Utilisateur.objects.create_user(f"region{region}@demo.example", "mot de passe assez long")
    Affectation.objects.create(
        utilisateur=direction, role="ministere", region=Region.objects.get(code=region), debut=date(2020, 1, 1)
    )
    c = Client()
    c.force_login(direction, backend="comptes.connexion.ConnexionCourriel")
    c.get("/ministere/ententes/")
    with django_assert_num_queries(14):
        page = c.get("/ministere/ententes/").content.decode()
    assert page.count('<th scope="row"><a href="/ministere/ententes/') == {"02": 1, "10": 3}[region]
    assert c.get("/ministere/ententes/14-2017/").status_code == 404


def test_r54_une_table_hors_registre_a_un_fiduciaire() -> None:
    mandataire = Mandataire.objects.get(code="04")
    options = {"designe_par": "Les élus", "designe_le": None, "resolution": "R-1", "inscrit_req": False}
    with pytest.raises(Refus, match="fiduciaire") as refus:
        m.designer_mandataire(mandataire=mandataire, fiduciaire=" ", **options, **commun())
    assert refus.value.champ == "fiduciaire"
    with pytest.raises(IntegrityError, match="mandataire_fiduciaire"), transaction.atomic():
        Mandataire.objects.filter(pk=mandataire.pk).update(inscrit_req=False, fiduciaire="")
    m.designer_mandataire(mandataire=mandataire, fiduciaire="MRC de démonstration", **options, **commun())
    assert Mandataire.objects.get(code="04").fiduciaire == "MRC de démonstration"


def test_un_nom_anterieur_garde_ses_dates() -> None:
    mandataire = Mandataire.objects.get(code="05")
    ancien = mandataire.nom
    mandataire = m.renommer_mandataire(mandataire=mandataire, nom="Nom neuf", depuis=date(2021, 1, 1), **commun())
    assert m.nom_au(mandataire, date(2020, 12, 31)) == ancien
    assert m.nom_au(mandataire, date(2021, 1, 1)) == "Nom neuf"
    with pytest.raises(Refus, match="date qui le suit"):
        m.renommer_mandataire(mandataire=mandataire, nom="Autre", depuis=date(2020, 1, 1), **commun())


def test_creer_refuse_un_doublon_des_dates_inversees_et_un_plafond_trop_grand() -> None:
    with pytest.raises(Refus, match="vient après le début"):
        neuve(fin=date(2024, 4, 1))
    with pytest.raises(Refus, match="R12"):
        neuve(administration_max=D("1000.01"))
    neuve()
    with pytest.raises(Refus, match="a déjà une entente"):
        neuve()


def test_un_montant_inconnu_s_inscrit_une_fois() -> None:
    entente = Entente.objects.get(code="11B-2017")
    assert (entente.montant, entente.origine) == (None, Origine.INCONNU)
    s.fixer_montant(entente=entente, montant=D("250000.00"), motif="Lettre", **commun())
    with pytest.raises(Refus, match="par un avenant"):
        s.fixer_montant(entente=Entente.objects.get(pk=entente.pk), montant=D(1), motif="x", **commun())


def test_les_tranches_se_prevoient_puis_se_recoivent_une_fois() -> None:
    entente = Entente.objects.get(code="02-2024")
    prevu = sum(t.prevue for t in entente.tranches.all())
    assert prevu == entente.montant
    with pytest.raises(Refus, match="dépasseraient"):
        s.prevoir_tranche(
            entente=entente, exercice="2026-2027", prevue=D("0.01"), prevue_le=date(2026, 7, 1), **commun()
        )
    tranche = entente.tranches.filter(recue__isnull=True).first()
    options = {"recue": D("10.00"), "recue_le": maintenant().date() - timedelta(days=2), "reference": "D-1"}
    with pytest.raises(Refus, match="Votre rôle"):
        s.recevoir_tranche(tranche=tranche, **options, **commun("secretariat"))
    s.recevoir_tranche(tranche=tranche, **options, **commun("tresorerie"))
    with pytest.raises(Refus, match="déjà reçue"):
        s.recevoir_tranche(tranche=tranche, **options, **commun("tresorerie"))


def test_le_bilan_balance_au_cent_et_chaque_chiffre_est_la_somme_de_ses_mouvements() -> None:
    entente = Entente.objects.get(code="02-2017")
    bilan = bilan_entente(entente)
    assert bilan.confie == D("5472634.00") == bilan.total.dotation, "source 004, et 4 812 272 + 660 362"
    assert bilan.a_repartir == 0
    for nom in ("dotation", "engage", "verse"):
        par_exercice = sum(getattr(r.chiffres, nom) for r in bilan.exercices)
        detail = sum(getattr(c, nom) for r in bilan.enveloppes for _e, c in r.exercices)
        assert getattr(bilan.total, nom) == par_exercice == detail
    assert bilan.total.verse <= bilan.total.engage <= bilan.total.dotation <= bilan.confie


def test_chaque_lien_d_un_chiffre_ouvre_ses_mouvements_a_la_somme_dite() -> None:
    c, enveloppe = client("ministere"), Enveloppe.objects.get(code="02-2017/JQ")
    reponse = c.get(f"/ministere/ententes/02-2017/mouvements/?famille=engage&enveloppe__id__exact={enveloppe.pk}")
    assert reponse.context["total"] == enveloppe.engage
    tout = c.get("/ministere/ententes/02-2017/mouvements/?famille=n'importe&enveloppe__id__exact=1e9&page=zz")
    assert tout.status_code == 200


def test_les_figures_publiees_et_leurs_ecarts() -> None:
    """Source 004 : 1 $ d'écart imprimé; 160,1 M$ annoncés, 138,8 M$ distribués, 21 281 489 $ non expliqués."""
    tableau = tableau_publie(Cycle.objects.get(code="2017-2023"))
    assert len(tableau.lignes) == 18
    assert [(e.imprime, e.recalcule, e.ecart) for e in tableau.ecarts] == [
        (D(84653956), D(84653955), D(1)),
        (D(138818511), D(138818510), D(1)),
    ]
    assert tableau.annonce_moins_distribue == D(21281489)
    page = client("ministere").get("/ministere/ententes/").content.decode()
    assert "21\xa0281\xa0489\xa0$" in page
    assert page.count('<th scope="row"><a href="/ministere/ententes/') == 21
    assert tableau_publie(Cycle.objects.get(code="2024-2029")) is None


@pytest.mark.parametrize(
    ("code", "enveloppe", "prolongation"),
    [("08", 4139802, 703806), ("09", 3478540, 591385), ("10", 6534158, 1110870), ("16", 11824262, 2010238)],
)
def test_la_prolongation_publiee_vaut_l_enveloppe_par_le_meme_taux(
    code: str, enveloppe: int, prolongation: int
) -> None:
    assert prolongation_calculee(D(enveloppe)) == D(prolongation)
    avenants = Avenant.objects.filter(entente__mandataire__code__startswith=code, entente__cycle__code="2017-2023")
    assert sum(a.ecart for a in avenants) == D(prolongation)
    assert {a.nouvelle_fin for a in avenants} == {date(2024, 3, 31)}


def test_une_prolongation_non_publiee_reste_inconnue() -> None:
    avenant = Avenant.objects.get(entente__code="02-2017")
    assert (avenant.ecart, avenant.origine, avenant.nouvelle_fin) == (None, Origine.INCONNU, date(2024, 3, 31))
    assert Entente.objects.get(code="02-2017").montant == D(5472634)


def test_r55_la_part_en_zone() -> None:
    assert part_en_zone([(D(75), True), (D(25), False)]) == D("0.7500")
    assert part_en_zone([]) is None


def test_la_page_d_une_entente_sans_enveloppe_le_dit() -> None:
    page = client("ministere").get("/ministere/ententes/05-2017/").content.decode()
    assert "Aucune enveloppe n’est encore dotée" in page
    assert "non publié" in client("ministere").get("/ministere/ententes/11A-2017/").content.decode()


@pytest.mark.parametrize("acte", ["montant", "avenant", "signature", "tranche", "designation", "nom", "suspendre"])
def test_les_pages_d_actes_du_ministere(acte: str) -> None:
    c = client("ministere")
    adresse = f"/ministere/ententes/11B-2017/actes/{acte}/"
    assert c.get(adresse).status_code == 200
    vide = c.post(adresse, {})
    assert vide.status_code == 200
    assert "Il y a un problème" in vide.content.decode()
    assert c.get("/ministere/ententes/11B-2017/actes/inconnu/").status_code == 404


def test_le_ministere_cree_une_entente_par_les_ecrans() -> None:
    c = client("ministere")
    reponse = c.post(
        "/ministere/ententes/nouvelle/04/",
        {
            "cycle": Cycle.objects.get(code="2024-2029").pk,
            "debut": "2024-04-01",
            "fin": "2029-03-31",
            "montant": "5 805 682",
            "administration_max": "",
            "numero_ministere": "",
        },
    )
    assert reponse["Location"] == "/ministere/ententes/04-2024/"
    c.post(
        "/ministere/ententes/04-2024/actes/avenant/",
        {"sens": "baisse", "ecart": "5 682,00", "nouvelle_fin": "", "signe_le": "", "motif": "Révision"},
    )
    assert Entente.objects.get(code="04-2024").montant == D(5800000)
    assert exercice_de(Entente.objects.get(code="04-2024").debut) == "2024-2025"
