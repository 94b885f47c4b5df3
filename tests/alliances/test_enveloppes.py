"""Les actes d'argent hors projets : ce qu'ils écrivent, ce qu'ils refusent, au cent (R12, R14 à R17, R31, R33)."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from openpyxl import load_workbook

from alliances.models import Engagement, Entente, Enveloppe, Mouvement
from alliances.requetes.soldes import releve, soldes_a_reporter, sommes
from alliances.services import enveloppes as s
from alliances.services import grand_livre
from alliances.services.ententes import inscrire_avenant
from projets.models import Versement
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.integrite import CONTROLES
from tests.outils.exercices import exercice_dote, exercice_suivant
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
D = Decimal
LIVRE = [nom for nom in CONTROLES if "livre" in nom or "soldes" in nom or "virement" in nom or "≥" in nom]


def enveloppe(lettres: str, entente: str = "02-2024") -> Enveloppe:
    return Enveloppe.objects.select_related("entente__mandataire").get(code=f"{entente}/{lettres}")


def commun(cle: str, qui: str = "coordination", **autres: object) -> dict:
    return {
        "exercice": exercice_dote(),
        "motif": "Essai",
        "auteur": personne(qui),
        "instant": maintenant(),
        "cle": cle,
        **autres,
    }


def balance() -> list[str]:
    """Aucune faute : chaîne, soldes, emboîtement, paires."""
    assert len(LIVRE) >= 5
    return [f"{nom} : {faute.rangee} {faute.constat}" for nom in LIVRE for faute in CONTROLES[nom]()]


def test_r15_allouer_dit_ce_qui_manque_a_l_entente_au_cent() -> None:
    cible = enveloppe("MC")
    entente = cible.entente
    reste = entente.montant - sum(e.dotation for e in entente.enveloppes.all())
    assert reste == D("0.00"), "la démonstration répartit toute l'entente"
    with pytest.raises(Refus, match=r"dépasserait l’entente de 0,01\s\$"):
        s.allouer_enveloppe(enveloppe=cible, montant=D("0.01"), **commun("a1"))
    s.ajuster_dotation(enveloppe=enveloppe("BS"), montant=D("-100.00"), mandat="", **commun("a2"))
    s.allouer_enveloppe(enveloppe=enveloppe("MC"), montant=D("100.00"), **commun("a3"))
    assert enveloppe("MC").dotation == cible.dotation + 100
    assert balance() == []


def test_r16_virer_exige_motif_et_mandat_et_s_annule() -> None:
    source, cible = enveloppe("CH"), enveloppe("MC")
    with pytest.raises(Refus, match="mandat") as sans_mandat:
        s.virer_solde(enveloppe=source, cible=cible, montant=D(10), mandat=" ", **commun("v0"))
    assert sans_mandat.value.champ == "mandat"
    with pytest.raises(Refus, match="motif"):
        s.virer_solde(enveloppe=source, cible=cible, montant=D(10), mandat="CA-1", **commun("v0", motif=" "))
    paire = s.virer_solde(enveloppe=source, cible=cible, montant=D("12.34"), mandat="CA-2026-11", **commun("v1"))
    assert [m.montant for m in paire] == [D("-12.34"), D("12.34")]
    assert {m.operation_id for m in paire} == {paire[0].operation_id}
    assert "CA-2026-11" in paire[0].reference
    with pytest.raises(Refus, match=r"Il manque 0,01\s\$"):
        s.virer_solde(
            enveloppe=enveloppe("MC"),
            cible=enveloppe("CH"),
            montant=enveloppe("MC").disponible + D("0.01"),
            mandat="CA-2026-11",
            **commun("v2"),
        )
    assert balance() == []


def test_r12_l_administration_ne_depasse_pas_son_plafond() -> None:
    administration = enveloppe("AD")
    Entente.objects.filter(pk=administration.entente_id).update(administration_max=administration.dotation + 10)
    s.virer_solde(enveloppe=enveloppe("CH"), cible=enveloppe("AD"), montant=D(10), mandat="CA", **commun("a"))
    with pytest.raises(Refus, match=r"plafond de 660\s010,00\s\$ .* 0,01\s\$ de trop"):
        s.virer_solde(enveloppe=enveloppe("CH"), cible=enveloppe("AD"), montant=D("0.01"), mandat="CA", **commun("b"))
    assert enveloppe("AD").dotation == administration.dotation + 10


def test_la_base_refuse_une_paire_qui_ne_s_annule_pas() -> None:
    source = enveloppe("CH")
    ligne = grand_livre.Ligne("virement", source, D("-1.00"), exercice_dote(), motif="seule")
    with pytest.raises(IntegrityError, match="grand_livre_paire"), transaction.atomic():
        grand_livre.inscrire(source.entente, [ligne], auteur=None, instant=maintenant(), cle="boiteux")
        with connection.cursor() as curseur:
            curseur.execute("SET CONSTRAINTS mouvement_paire IMMEDIATE")


def test_la_meme_cle_rejouee_n_inscrit_rien_et_une_autre_operation_sous_elle_se_refuse() -> None:
    source, cible = enveloppe("CH"), enveloppe("MC")
    premier = s.virer_solde(enveloppe=source, cible=cible, montant=D(10), mandat="CA-1", **commun("cle"))
    assert s.virer_solde(enveloppe=source, cible=cible, montant=D(10), mandat="CA-1", **commun("cle")) == premier
    with pytest.raises(Refus, match="déjà servi"):
        s.virer_solde(enveloppe=source, cible=cible, montant=D(11), mandat="CA-1", **commun("cle"))
    assert enveloppe("CH").dotation == source.dotation - 10


def test_prolonger_ne_repartit_pas_plus_que_l_avenant() -> None:
    entente = Entente.objects.get(code="02-2024")
    avenant = inscrire_avenant(
        entente=entente,
        ecart=D("1000.00"),
        nouvelle_fin=None,
        motif="Ajout",
        signe_le=None,
        auteur=personne("ministere"),
        instant=maintenant(),
    )
    s.prolonger_enveloppe(enveloppe=enveloppe("MC"), avenant=avenant, montant=D("999.99"), **commun("p1"))
    with pytest.raises(Refus, match=r"Il reste 0,01\s\$ .* il manque 0,01\s\$"):
        s.prolonger_enveloppe(enveloppe=enveloppe("BS"), avenant=avenant, montant=D("0.02"), **commun("p2"))
    sans_argent = inscrire_avenant(
        entente=Entente.objects.get(pk=entente.pk),
        ecart=None,
        nouvelle_fin=entente.fin.replace(year=entente.fin.year + 1),
        motif="Durée",
        signe_le=None,
        auteur=personne("ministere"),
        instant=maintenant(),
    )
    with pytest.raises(Refus, match="n’apporte pas d’argent"):
        s.prolonger_enveloppe(enveloppe=enveloppe("BS"), avenant=sans_argent, montant=D(1), **commun("p3"))
    assert balance() == []


def test_r17_le_report_passe_tous_les_soldes_en_une_operation_sans_changer_le_disponible() -> None:
    entente = Entente.objects.select_related("mandataire").get(code="02-2024")
    avant = {e.pk: e.disponible for e in entente.enveloppes.all()}
    a_reporter = {r.enveloppe.pk: r.solde for r in soldes_a_reporter(entente, exercice_dote()) if r.solde > 0}
    mouvements = s.reporter_soldes(
        entente=entente,
        de=exercice_dote(),
        vers=exercice_suivant(),
        **{k: v for k, v in commun("r").items() if k != "exercice"},
    )
    assert len(mouvements) == 2 * len(a_reporter) > 10
    assert len({m.operation_id for m in mouvements}) == 1
    assert {e.pk: e.disponible for e in entente.enveloppes.all()} == avant
    assert all(r.solde == 0 for r in soldes_a_reporter(entente, exercice_dote()))
    assert {r.enveloppe.pk: r.solde for r in soldes_a_reporter(entente, exercice_suivant())} == a_reporter
    with pytest.raises(Refus, match="Aucun solde"):
        s.reporter_soldes(
            entente=entente,
            de=exercice_dote(),
            vers=exercice_suivant(),
            **{k: v for k, v in commun("r2").items() if k != "exercice"},
        )
    assert balance() == []


def test_r17_un_report_marche_meme_quand_l_exercice_suivant_s_appuie_deja_sur_le_solde() -> None:
    maria = enveloppe("MC")
    s.engager_hors_projet(
        enveloppe=maria, montant=maria.disponible, reference="Tout", **commun("e", exercice=exercice_suivant())
    )
    s.reporter_soldes(
        entente=maria.entente,
        de=exercice_dote(),
        vers=exercice_suivant(),
        **{k: v for k, v in commun("r").items() if k != "exercice"},
    )
    assert enveloppe("MC").disponible == 0
    assert {r.solde for r in soldes_a_reporter(maria.entente, exercice_suivant()) if r.enveloppe.lettres == "MC"} == {
        D(0)
    }
    assert balance() == []


def test_r31_qui_engage_ne_paie_pas_et_le_solde_clot() -> None:
    administration = enveloppe("AD")
    engagement = s.engager_hors_projet(
        enveloppe=administration, montant=D("1500.00"), reference="Animation", **commun("e")
    )
    paiement = {"exercice": exercice_dote(), "paiement": "VIR-1", "instant": maintenant()}
    with pytest.raises(Refus, match="Votre rôle"):
        s.verser_engagement(engagement=engagement, montant=D(1), auteur=personne("coordination"), cle="p0", **paiement)
    with pytest.raises(Refus, match=r"dépasse de 0,01\s\$"):
        s.verser_engagement(
            engagement=engagement, montant=D("1500.01"), auteur=personne("tresorerie"), cle="p1", **paiement
        )
    s.verser_engagement(engagement=engagement, montant=D("500.00"), auteur=personne("tresorerie"), cle="p2", **paiement)
    s.degager_engagement(engagement=Engagement.objects.get(pk=engagement.pk), montant=D("1000.00"), **commun("d"))
    engagement.refresh_from_db()
    assert (engagement.montant, engagement.verse, engagement.clos_le is not None) == (D(500), D(500), True)
    assert enveloppe("AD").disponible == administration.disponible - 500
    assert balance() == []


def test_l_octroi_d_un_projet_ne_change_que_par_son_dossier() -> None:
    octroi = Engagement.objects.filter(libre=False, entente__code="02-2024").order_by("id").first()
    with pytest.raises(Refus, match="par son dossier"):
        s.degager_engagement(engagement=octroi, montant=D(1), **commun("d"))
    with pytest.raises(Refus, match="par son dossier"):
        s.contrepasser(mouvement=octroi.mouvements.first(), **{k: v for k, v in commun("c").items() if k != "cle"})


def test_r33_un_recouvrement_rend_l_argent_disponible_meme_projet_fini() -> None:
    paye = Versement.objects.filter(entente__code="02-2024", etat="paye").order_by("id").first()
    octroi = Engagement.objects.filter(reference=paye.convention.projet.numero).get()
    Engagement.objects.filter(pk=octroi.pk).update(clos_le=maintenant())
    octroi.refresh_from_db()
    avant = enveloppe(octroi.enveloppe.lettres)
    with pytest.raises(Refus, match=r"0,01\s\$ de trop"):
        s.recouvrer_versement(engagement=octroi, montant=octroi.verse + D("0.01"), **commun("x"))
    s.recouvrer_versement(engagement=octroi, montant=D("250.00"), **commun("y", "tresorerie"))
    apres = enveloppe(octroi.enveloppe.lettres)
    assert (apres.verse, apres.engage, apres.disponible) == (
        avant.verse - 250,
        avant.engage - 250,
        avant.disponible + 250,
    )
    contre = s.contrepasser(
        mouvement=Mouvement.objects.get(cle="y#0"), **{k: v for k, v in commun("").items() if k != "cle"}
    )
    assert [m.type for m in contre] == ["engagement", "versement"]
    octroi.refresh_from_db()
    assert octroi.clos_le is not None
    assert enveloppe(octroi.enveloppe.lettres).disponible == avant.disponible
    assert balance() == []


@pytest.mark.parametrize("genre", ["virement", "ajustement", "report", "engagement"])
def test_contrepasser_ramene_les_soldes_et_ne_se_fait_qu_une_fois(genre: str) -> None:
    avant = {e.pk: (e.dotation, e.engage) for e in Enveloppe.objects.filter(entente__code="02-2024")}
    maria = enveloppe("MC")
    if genre == "virement":
        s.virer_solde(enveloppe=enveloppe("CH"), cible=maria, montant=D(77), mandat="CA-1", **commun("o"))
    elif genre == "ajustement":
        s.ajuster_dotation(enveloppe=maria, montant=D(-77), mandat="", **commun("o"))
    elif genre == "report":
        options = {k: v for k, v in commun("o").items() if k != "exercice"}
        s.reporter_soldes(entente=maria.entente, de=exercice_dote(), vers=exercice_suivant(), **options)
    else:
        s.engager_hors_projet(enveloppe=maria, montant=D(77), reference="Faute", **commun("o"))
    original = Mouvement.objects.get(cle="o#0")
    options = {k: v for k, v in commun("").items() if k != "cle"}
    contre = s.contrepasser(mouvement=original, **options)
    assert {e.pk: (e.dotation, e.engage) for e in Enveloppe.objects.filter(entente__code="02-2024")} == avant
    assert s.contrepasser(mouvement=original, **options) == contre, "le rejeu répond comme la première fois"
    with pytest.raises(Refus, match="ne se contrepasse pas"):
        s.contrepasser(mouvement=contre[0], **options)
    assert Mouvement.objects.filter(pk=original.pk).exists()
    assert balance() == []


def test_le_releve_a_tout_instant_donne_les_sommes_et_finit_aux_soldes() -> None:
    jonquiere = enveloppe("JQ", "02-2017")
    instants = list(jonquiere.mouvements.order_by("sequence").values_list("instant", flat=True))
    for instant in (instants[0], instants[len(instants) // 2], maintenant()):
        fin = releve(jonquiere, instant).fin
        attendu = sommes(jonquiere.mouvements.filter(instant__lte=instant))
        assert {"dotation": fin.dotation, "engage": fin.engage, "verse": fin.verse} == attendu
    assert (fin.dotation, fin.engage, fin.verse) == (jonquiere.dotation, jonquiere.engage, jonquiere.verse)
    assert releve(jonquiere, instants[0].replace(year=2010)).fin is None


def test_le_releve_en_xlsx_porte_les_memes_soldes() -> None:
    maria = enveloppe("MC", "02-2017")
    reponse = client("coordination").get(reverse("admin:alliances_enveloppe_releve_xlsx", args=[maria.pk]))
    feuille = load_workbook(BytesIO(reponse.content)).active
    derniere = next(rangee for rangee in feuille.iter_rows(values_only=True) if rangee[0] == "Soldes")
    assert [D(str(v)).quantize(D("0.01")) for v in derniere[7:]] == [
        maria.dotation,
        maria.engage,
        maria.verse,
        maria.disponible,
    ]


ROLES_ARGENT = ("coordination", "secretariat", "finances", "tresorerie", "ministere", "coordination.lanaudiere")


@pytest.mark.parametrize("qui", ROLES_ARGENT)
@pytest.mark.parametrize("acte", ["allouer", "virer", "ajuster", "engager", "reporter", "recouvrer", "verser"])
def test_qui_peut_quoi_dans_les_services(qui: str, acte: str) -> None:
    maria, permis = enveloppe("MC"), {"coordination"}
    if acte in {"recouvrer", "verser"}:
        permis = {"finances", "tresorerie"} | ({"coordination"} if acte == "recouvrer" else set())
    octroi = Engagement.objects.filter(entente__code="02-2024", verse__gt=0, libre=acte == "verser").first()
    gestes = {
        "allouer": lambda c: s.allouer_enveloppe(enveloppe=maria, montant=D(1), **c),
        "virer": lambda c: s.virer_solde(enveloppe=maria, cible=enveloppe("CH"), montant=D(1), mandat="CA", **c),
        "ajuster": lambda c: s.ajuster_dotation(enveloppe=maria, montant=D(-1), mandat="", **c),
        "engager": lambda c: s.engager_hors_projet(enveloppe=maria, montant=D(1), reference="x", **c),
        "reporter": lambda c: s.reporter_soldes(
            entente=maria.entente,
            de=exercice_dote(),
            vers=exercice_suivant(),
            **{k: v for k, v in c.items() if k != "exercice"},
        ),
        "recouvrer": lambda c: s.recouvrer_versement(engagement=octroi, montant=D(1), **c),
        "verser": lambda c: s.verser_engagement(
            engagement=octroi, montant=D(1), paiement="V", **{k: v for k, v in c.items() if k != "motif"}
        ),
    }
    if qui not in permis:
        with pytest.raises(Refus, match="Votre rôle ne permet pas"):
            gestes[acte](commun("q", qui))
        return
    if acte == "allouer":  # l'entente est toute répartie : le droit est passé, l'argent manque
        with pytest.raises(Refus, match="dépasserait l’entente"):
            gestes[acte](commun("q", qui))
        return
    gestes[acte](commun("q", qui))


def test_l_apercu_montre_l_apres_et_n_inscrit_rien_puis_le_bouton_inscrit_une_fois() -> None:
    c, maria, chicoutimi = client("coordination"), enveloppe("MC"), enveloppe("CH")
    adresse = reverse("admin:alliances_enveloppe_virer", args=[chicoutimi.pk])
    saisie = {
        "cle": "apercu-1",
        "cible": maria.pk,
        "montant": "1 000,00",
        "exercice": exercice_dote(),
        "mandat": "CA-2026-12",
        "motif": "Besoin plus grand",
    }
    nombre = Mouvement.objects.count()
    apercu = c.post(adresse, saisie)
    assert "Avant et après" in apercu.content.decode()
    assert "127\xa0497,00\xa0$" in apercu.content.decode()
    assert Mouvement.objects.count() == nombre
    assert enveloppe("MC").dotation == maria.dotation
    for _fois in range(2):  # un double clic
        assert c.post(adresse, {**saisie, "inscrire": "1"}).status_code == 302
    assert Mouvement.objects.count() == nombre + 2
    assert enveloppe("MC").dotation == maria.dotation + 1000
    change = c.post(adresse, {**saisie, "montant": "2 000,00", "inscrire": "1"})
    assert "déjà servi" in change.content.decode()


def test_l_apercu_refuse_avec_le_manque_exact() -> None:
    maria = enveloppe("MC")
    reponse = client("coordination").post(
        reverse("admin:alliances_enveloppe_virer", args=[maria.pk]),
        {
            "cle": "manque",
            "cible": enveloppe("CH").pk,
            "montant": "126 497,01",
            "exercice": exercice_dote(),
            "mandat": "CA",
            "motif": "x",
        },
    )
    page = reponse.content.decode()
    assert "Il manque 0,01\xa0$" in page
    assert "Il y a un problème" in page
