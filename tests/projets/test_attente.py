"""La liste d'attente servie : un solde se libère, la demande paraît, l'instance décide, elle en sort; au cent (R14, R27)."""

from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from alliances.models import Enveloppe
from alliances.services import enveloppes as argent
from projets.models import Decision, DecisionPreparee, Evaluation, Projet
from projets.regles.attente import apres, placer
from projets.requetes.attente import liste_d_attente, qui_tiennent
from projets.services.preparation import retirer_preparation
from socle.formats import saisie_montant
from socle.horloge import aujourd_hui, maintenant
from tests.outils.exercices import exercice_dote
from tests.outils.personnes import client, personne
from tests.projets.test_decisions import COURANT, decider, part, solde
from tests.projets.test_revision import preparer, reviser

D = Decimal
FILE, VIDE = "Un solde s’est libéré", "Aucune demande en attente"
CENT = st.integers(1, 10**9).map(lambda cents: D(cents) / 100)


@pytest.fixture
def adresse(db: None) -> str:
    """La page, sans les demandes en attente de la démonstration."""
    Projet.objects.filter(etat="liste_attente").update(etat="refuse")
    return reverse("admin:projets_projet_liste_attente")


@pytest.fixture
def plein(adresse: str) -> Projet:
    """Maria-Chapdelaine, engagée au cent près par une autre demande."""
    projet = Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )
    decider(projet, part("126497.00"))
    return projet


@pytest.fixture
def attend(plein: Projet) -> Projet:
    """52 000,00 $ demandés dans cette enveloppe, en attente."""
    projet = Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/CH"
    )
    DecisionPreparee.objects.filter(projet=projet).delete()
    Projet.objects.filter(pk=projet.pk).update(enveloppe=plein.enveloppe)
    projet.refresh_from_db()
    decider(projet, sens="attente", motif_public="L’enveloppe est pleine.", resolution="CA-ATTENTE")
    projet.recommandation.montant = D(0)
    projet.recommandation.save(update_fields=["montant"])
    return projet


def lue(nom: str, adresse: str) -> str:
    reponse = client(nom).get(adresse)
    assert reponse.status_code == 200
    return unescape(reponse.content.decode()).replace("\u00a0", " ")


def tiennent() -> list[int]:
    return [projet.pk for projet in qui_tiennent(personne("coordination"))]


# Règles ---------------------------------------------------------------------------------------------------------


def test_chaque_demande_devant_le_solde_seule_puis_ensemble() -> None:
    places = placer(D("100.00"), [D("60.00"), D("40.01"), D("40.00"), D("100.01"), D(0)])
    assert [(p.tient, p.avec, p.en_partie) for p in places] == [
        (True, True, False),
        (True, False, False),
        (True, True, False),
        (False, False, True),
        (False, False, False),
    ]
    assert (places[3].manque, places[0].reste, apres(D("100.00"), places)) == (D("0.01"), D("40.00"), D(0))


@given(CENT, st.lists(CENT, max_size=8))
def test_ensemble_ne_depasse_jamais_et_sert_la_premiere_qui_tient(libre: Decimal, voulus: list[Decimal]) -> None:
    places = placer(libre, voulus)
    assert apres(libre, places) >= 0
    premiere = next((p for p in places if p.tient), None)
    assert premiere is None or premiere.avec
    assert all(p.tient for p in places if p.avec)
    reste = apres(libre, places)
    assert all(p.avec or p.voulu > reste for p in places), "rien de plus ne tient dans ce qui reste"


def test_un_solde_negatif_ne_sert_personne() -> None:
    [place] = placer(D("-5.00"), [D("1.00")])
    assert (place.tient, place.avec, place.en_partie, place.manque) == (False, False, False, D("6.00"))


# De la révision à la décision -----------------------------------------------------------------------------------


def test_une_revision_a_la_baisse_libere_au_cent_jusqu_a_la_decision(
    plein: Projet, attend: Projet, adresse: str
) -> None:
    assert tiennent() == []
    assert "Aucun solde libre" in lue("coordination", adresse)
    assert FILE not in lue("coordination", "/admin/")
    reviser(plein, part("74497.01"))
    page = lue("coordination", adresse)
    assert "En partie, jusqu’à 51 999,99 $ : il manque 0,01 $" in page
    assert (tiennent(), FILE in lue("coordination", "/admin/")) == ([], False)
    reviser(plein, part("74497.00"), resolution="CA-89")
    assert tiennent() == [attend.pk]
    accueil = lue("coordination", "/admin/")
    assert FILE in accueil
    assert "52 000,00 $; 52 000,00 $ libres, Maria-Chapdelaine" in accueil
    assert "tient dans les 52 000,00 $ libres : il resterait 0,00 $" in lue("coordination", adresse)

    preparation = reverse("admin:projets_projet_preparer_decision", args=[attend.pk])
    formulaire = client("coordination").get(preparation).context["formulaire"]
    assert (formulaire["sens"].value(), formulaire["montant_1"].value()) == ("accepter", saisie_montant(D("52000.00")))
    donnees = {
        "sens": "accepter",
        "enveloppe_1": attend.enveloppe_id,
        "exercice_1": COURANT,
        "montant_1": "52 000,00",
    }
    assert client("coordination").post(preparation, donnees).status_code == 302
    assert (tiennent(), FILE in lue("coordination", "/admin/")) == ([], False), "déjà proposée"
    page = lue("coordination", adresse)
    assert "Chaque demande a sa décision préparée" in page
    assert "Accepter, 52 000,00 $" in page
    preparee = DecisionPreparee.objects.get(projet=attend)
    resolution = {"resolution": "CA-90", "adoptee_le": aujourd_hui().isoformat(), "preparees": preparee.pk}
    assert client("secretariat").post(reverse("admin:projets_projet_resolution"), resolution).status_code == 302
    assert VIDE in lue("coordination", adresse)
    decision = Decision.objects.get(projet=attend)
    assert (decision.montant, decision.resolution, solde("MC")) == (D("52000.00"), "CA-90", D(0))
    assert decision.anterieures.get().sens == "attente"


def test_une_contrepassation_libere_ce_qu_un_engagement_tenait(attend: Projet, plein: Projet, adresse: str) -> None:
    reviser(plein, part("70000.00"))
    enveloppe = Enveloppe.objects.select_related("entente__mandataire").get(code="02-2024/MC")
    acteur = {"auteur": personne("coordination"), "instant": maintenant(), "exercice": exercice_dote()}
    engagement = argent.engager_hors_projet(
        enveloppe=enveloppe, montant=D("4497.01"), reference="Soutien", motif="Essai", cle="attente-1", **acteur
    )
    assert (solde("MC"), tiennent()) == (D("51999.99"), [])
    argent.contrepasser(mouvement=engagement.mouvements.first(), motif="Faute", **acteur)
    assert (solde("MC"), tiennent()) == (D("56497.00"), [attend.pk])


def test_une_preparation_retient_le_solde_puis_le_rend(attend: Projet, plein: Projet, adresse: str) -> None:
    """Ce qui est déjà proposé pour une autre demande ne se promet pas deux fois."""
    reviser(plein, part("74497.00"))
    autre = Projet.objects.filter(entente__code="02-2024", etat="en_evaluation").first()
    Projet.objects.filter(pk=autre.pk).update(etat="recommande")
    preparee = preparer(Projet.objects.select_related("entente", "enveloppe").get(pk=autre.pk), part("0.01"))
    assert tiennent() == []
    assert "Déjà proposé" in lue("coordination", adresse)
    retirer_preparation(preparee=preparee, auteur=personne("coordination"), instant=maintenant())
    assert tiennent() == [attend.pk]


def test_le_montant_recommande_passe_avant_le_demande(attend: Projet, plein: Projet) -> None:
    reviser(plein, part("86497.00"))
    assert tiennent() == []
    attend.recommandation.montant = D("40000.00")
    attend.recommandation.save(update_fields=["montant"])
    assert tiennent() == [attend.pk]


def test_le_rang_suit_la_note_du_comite(attend: Projet, adresse: str) -> None:
    autre = Projet.objects.filter(entente__code="02-2024", etat="refuse").first()
    Projet.objects.filter(pk=autre.pk).update(etat="liste_attente", enveloppe=attend.enveloppe)
    for basse, haute in ((attend, autre), (autre, attend)):
        Evaluation.objects.filter(projet=basse, etat="soumise").update(note=D("61.00"))
        Evaluation.objects.filter(projet=haute, etat="soumise").update(note=D("61.01"))
        [groupe] = liste_d_attente(personne("coordination"))
        assert [(ligne.rang, ligne.projet.pk) for ligne in groupe.lignes] == [(1, haute.pk), (2, basse.pk)]


# Droits, états, requêtes ----------------------------------------------------------------------------------------


def test_vide_la_page_dit_d_ou_une_demande_y_arrive(adresse: str) -> None:
    assert VIDE in lue("coordination", adresse)
    assert FILE not in lue("coordination", "/admin/")


def test_l_equipe_lit_la_coordination_seule_prepare(attend: Projet, plein: Projet, adresse: str) -> None:
    reviser(plein, part("1000.00"))
    lien = f'href="{reverse("admin:projets_projet_preparer_decision", args=[attend.pk])}"'
    assert lien in lue("coordination", adresse)
    for nom in ("finances", "secretariat", "tresorerie"):
        page = lue(nom, adresse)
        assert attend.numero in page
        assert lien not in page
        assert FILE not in lue(nom, "/admin/")
    assert "Consigner une résolution" in lue("secretariat", adresse)
    ailleurs = lue("coordination.lanaudiere", adresse)
    assert attend.numero not in ailleurs
    assert VIDE in ailleurs
    assert FILE not in lue("coordination.lanaudiere", "/admin/")
    assert client("agent").get(adresse).status_code == 403
    assert client("organismes").get(adresse).status_code == 302


def test_une_entente_suspendue_ne_sert_rien(attend: Projet, plein: Projet, adresse: str) -> None:
    reviser(plein, part("1000.00"))
    assert tiennent()
    type(attend.entente).objects.filter(pk=attend.entente_id).update(etat="suspendue")
    assert tiennent() == []
    assert VIDE in lue("coordination", adresse)


def test_le_menu_et_le_tableau_y_menent_et_un_seul_onglet_est_actif(adresse: str) -> None:
    page = client("coordination").get(adresse)
    actives = [p["titre"] for groupe in page.context["menu_admin"] for p in groupe["pages"] if p["actif"]]
    assert actives == ["Liste d’attente"]
    demandes = client("coordination").get("/admin/projets/projet/")
    actives = [p["titre"] for groupe in demandes.context["menu_admin"] for p in groupe["pages"] if p["actif"]]
    assert actives == ["Demandes"]
    assert f'href="{adresse}"' in demandes.content.decode()
    seance = client("coordination").get("/admin/comite/seance/?etat__exact=levee")
    cle = seance.context["cl"].result_list[0].pk
    assert f'href="{adresse}"' in lue("coordination", reverse("admin:comite_seance_tableau", args=[cle]))


def test_autant_de_requetes_pour_une_et_pour_toutes(adresse: str) -> None:
    refusees = list(Projet.objects.filter(entente__code="02-2017", etat="refuse").values_list("pk", flat=True))
    assert len(refusees) > 2
    c, comptes = client("coordination"), []
    for combien in (1, len(refusees)):
        Projet.objects.filter(pk__in=refusees[:combien]).update(etat="liste_attente")
        c.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert c.get(adresse).status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1] <= 8


def test_la_demonstration_en_montre_une_qui_tient_et_une_qui_ne_tient_pas(db: None) -> None:
    lignes = [ligne for groupe in liste_d_attente(personne("coordination")) for ligne in groupe.lignes]
    assert sorted((ligne.projet.enveloppe.lettres, ligne.place.tient) for ligne in lignes) == [
        ("LE", True),
        ("MC", False),
    ]
    assert FILE in lue("coordination", "/admin/")
    accueil = lue("coordination", "/admin/")
    assert "Lettres à relire" in accueil
    assert "Lettres relues, à envoyer" in accueil
