"""Préparer, adopter une résolution pour plusieurs demandes, rejouer, réviser : le grand livre prend l'écart, l'avant se garde (R27)."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from alliances.models import Enveloppe, Mouvement
from projets.models import Decision, DecisionAnterieure, DecisionPreparee, Projet
from projets.services.conventions import preparer_convention
from projets.services.decisions import Part, decider_projet, reviser_decision
from projets.services.preparation import adopter_decisions, preparer_decision, retirer_preparation
from socle.erreurs import Refus
from socle.horloge import aujourd_hui, maintenant
from tests.outils.personnes import ROLES, client, personne
from tests.projets.test_decisions import COURANT, SUIVANT, decider, part, solde

pytestmark = pytest.mark.django_db
D = Decimal


def a_decider() -> list[Projet]:
    return list(
        Projet.objects.filter(entente__code="02-2024", etat__in=["recommande", "non_recommande"])
        .select_related("enveloppe", "entente")
        .order_by("pk")
    )


@pytest.fixture
def projet() -> Projet:
    """126 497,00 $ demandés, exactement le disponible de Maria-Chapdelaine."""
    return next(p for p in a_decider() if p.enveloppe.lettres == "MC")


def preparer(projet: Projet, *parts: Part, **options: object) -> DecisionPreparee:
    valeurs = {"sens": "accepter", "conditions": "", "motif_public": "", "auteur": personne("coordination"), **options}
    return preparer_decision(projet=projet, parts=parts, instant=maintenant(), **valeurs)


def adopter(*preparees: DecisionPreparee, auteur: str = "secretariat", **options: object) -> list[Decision]:
    valeurs = {"resolution": "CA-77", "adoptee_le": aujourd_hui(), **options}
    return adopter_decisions(preparees=preparees, auteur=personne(auteur), instant=maintenant(), **valeurs)


def reviser(projet: Projet, *parts: Part, sens: str = "accepter", **options: object) -> Decision:
    valeurs = {"resolution": "CA-88", "adoptee_le": aujourd_hui(), "motif_public": "", **options}
    return reviser_decision(
        projet=projet, sens=sens, parts=parts, auteur=personne("secretariat"), instant=maintenant(), **valeurs
    )


# Préparer, adopter ---------------------------------------------------------------------------------------------


def test_preparer_ne_bouge_pas_l_argent_et_se_recrit(projet: Projet) -> None:
    avant = (solde("MC"), Mouvement.objects.count())
    preparer(projet, part("1000.00"))
    preparee = preparer(projet, part("2000.00"), part("500.00", "RG"), conditions=" Sobres. ")
    assert [(p.enveloppe.lettres, p.montant) for p in preparee.parts.all()] == [("MC", D(2000)), ("RG", D(500))]
    assert (preparee.conditions, DecisionPreparee.objects.filter(projet=projet).count()) == ("Sobres.", 1)
    assert (solde("MC"), Mouvement.objects.count()) == avant
    assert str(preparee.instance) == decider_instance(projet)
    retirer_preparation(preparee=preparee, auteur=personne("coordination"), instant=maintenant())
    assert not DecisionPreparee.objects.filter(projet=projet).exists()


def decider_instance(projet: Projet) -> str:
    with transaction.atomic():
        nom = decider(projet, part("1.00")).instance
        transaction.set_rollback(True)
    return nom


def test_une_resolution_adopte_toutes_les_decisions_ou_aucune(projet: Projet) -> None:
    autre = next(p for p in a_decider() if p.pk != projet.pk)
    lettres = autre.enveloppe.lettres
    un = preparer(projet, part("126497.00"))
    trop = preparer(autre, part("126497.01", "MC"), part("10.00", lettres))
    avant = (solde("MC"), Mouvement.objects.count(), Decision.objects.count())
    with pytest.raises(Refus) as refus:
        adopter(un, trop)
    assert autre.numero in str(refus.value)
    assert "Il manque" in str(refus.value)
    assert (solde("MC"), Mouvement.objects.count(), Decision.objects.count()) == avant
    assert DecisionPreparee.objects.count() >= 2, "rien n'a été adopté : tout reste préparé"
    preparer(autre, sens="refuser", motif_public="Hors priorité.")
    adoptees = adopter(*DecisionPreparee.objects.filter(projet__in=[projet, autre]))
    assert {(d.projet_id, d.sens, d.resolution) for d in adoptees} == {
        (projet.pk, "accepter", "CA-77"),
        (autre.pk, "refuser", "CA-77"),
    }
    assert solde("MC") == 0
    assert not DecisionPreparee.objects.filter(projet__in=[projet, autre]).exists()


def test_qui_a_prepare_ne_consigne_pas(projet: Projet) -> None:
    preparee = preparer(projet, part("10.00"))
    DecisionPreparee.objects.filter(pk=preparee.pk).update(preparee_par=personne("secretariat"))
    with pytest.raises(Refus, match="une autre personne la consigne"):
        adopter(preparee)
    with pytest.raises(Refus, match="Choisissez au moins une"):
        adopter()


def test_preparer_refuse_ce_que_decider_refuserait(projet: Projet) -> None:
    for parts, options, message in (
        ([], {}, "montant positif"),
        ([part("1.005")], {}, "au cent"),
        ([], {"sens": "refuser"}, "Écrivez le motif"),
        ([part("1.00"), part("2.00")], {}, "réunissez-les"),
    ):
        with pytest.raises(Refus, match=message):
            preparer(projet, *parts, **options)
    depose = Projet.objects.filter(entente__code="02-2024", etat="depose").first()
    with pytest.raises(Refus, match="n’attend pas de décision"):
        preparer(depose, part("1.00"))
    with pytest.raises(Refus, match="Votre rôle"):
        preparer(projet, part("1.00"), auteur=personne("finances"))


def test_l_ecran_adopte_et_montre_ce_que_l_enveloppe_garderait(projet: Projet) -> None:
    DecisionPreparee.objects.all().delete()
    preparee = preparer(projet, part("126497.01"))
    adresse = reverse("admin:projets_projet_resolution")
    page = client("secretariat").get(adresse).content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
    assert "il manque 0,01 $" in page
    donnees = {"resolution": "CA-9", "adoptee_le": aujourd_hui().isoformat(), "preparees": preparee.pk}
    refus = client("secretariat").post(adresse, donnees).content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
    assert "Il manque 0,01 $" in refus
    preparer(projet, part("126497.00"))
    assert client("secretariat").post(adresse, donnees).status_code == 302
    assert Decision.objects.get(projet=projet).resolution == "CA-9"
    assert "Aucune décision préparée" in client("secretariat").get(adresse).content.decode()
    autres = {nom: client(nom).get(adresse).status_code for nom in ROLES if nom != "anonyme"}
    assert autres["coordination"] == 403
    assert autres["promoteur"] in {302, 403}


# Rejouer, réviser ----------------------------------------------------------------------------------------------


def test_la_meme_resolution_rejouee_repond_pareil(projet: Projet) -> None:
    premiere = decider(projet, part("100000.00"))
    mouvements = Mouvement.objects.count()
    assert decider(projet, part("100000.00")).pk == premiere.pk
    assert (Mouvement.objects.count(), DecisionAnterieure.objects.count()) == (mouvements, 0)
    with pytest.raises(Refus, match="n’est plus possible"):
        decider(projet, part("100000.00"), resolution="CA-AUTRE")


def test_reviser_prend_l_ecart_et_garde_l_avant(projet: Projet) -> None:
    reste = {lettres: solde(lettres) for lettres in ("MC", "RG")}
    premiere = decider(projet, part("100000.00"), part("5000.00", exercice=SUIVANT), conditions="Avant.")
    revisee = reviser(projet, part("60000.00"), part("7000.00", exercice=SUIVANT), part("1234.56", "RG"))
    assert (revisee.pk, revisee.montant, revisee.resolution) == (premiere.pk, D("68234.56"), "CA-88")
    assert solde("MC") == reste["MC"] - 67_000
    assert solde("RG") == reste["RG"] - D("1234.56")
    avant = DecisionAnterieure.objects.get(decision=revisee)
    assert (avant.version, avant.montant, avant.resolution, avant.conditions) == (1, D(105_000), "CA-2026-01", "Avant.")
    assert {(p["exercice"], p["montant"]) for p in avant.parts} == {(COURANT, "100000.00"), (SUIVANT, "5000.00")}
    for li in revisee.lignes.select_related("engagement"):
        assert li.engagement.montant == li.montant
    assert revisee.lettre.etat == "redigee"


def test_reviser_vers_un_refus_rend_tout_puis_de_nouveau_vers_un_octroi(projet: Projet) -> None:
    reste = solde("MC")
    decider(projet, part("126497.00"))
    refus = reviser(projet, sens="refuser", motif_public="Un doublon.")
    projet.refresh_from_db()
    assert (projet.etat, solde("MC"), refus.montant) == ("refuse", reste, 0)
    encore = reviser(projet, part("126497.00"), resolution="CA-99")
    projet.refresh_from_db()
    assert (projet.etat, solde("MC"), encore.montant) == ("accepte", 0, D("126497.00"))
    assert [a.version for a in encore.anterieures.all()] == [2, 1]


def test_reviser_au_dela_du_disponible_n_ecrit_rien(projet: Projet) -> None:
    decider(projet, part("100000.00"))
    with pytest.raises(Refus, match="Il manque"):
        reviser(projet, part("126497.01"))
    assert (solde("MC"), Decision.objects.get(projet=projet).resolution) == (D(26_497), "CA-2026-01")
    assert not DecisionAnterieure.objects.exists()


def test_reviser_refuse_sans_decision_et_apres_la_convention(projet: Projet) -> None:
    with pytest.raises(Refus, match="pas encore de décision"):
        reviser(projet, part("1.00"))
    decider(projet, part("126497.00"))
    preparer_convention(projet=Projet.objects.get(pk=projet.pk), auteur=personne("coordination"), instant=maintenant())
    with pytest.raises(Refus, match="par avenant"):
        reviser(projet, part("1.00"))


def test_la_liste_d_attente_servie_garde_la_decision_d_avant(projet: Projet) -> None:
    decider(projet, sens="attente", motif_public="L’enveloppe est pleine.")
    decision = decider(projet, part("50000.00"), resolution="CA-SUITE")
    assert (decision.sens, decision.anterieures.get().sens) == ("accepter", "attente")


def test_la_decision_d_avant_ne_change_plus(projet: Projet) -> None:
    decider(projet, part("100000.00"))
    reviser(projet, part("90000.00"))
    for geste in (
        lambda: DecisionAnterieure.objects.update(montant=1),
        lambda: DecisionAnterieure.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()


def test_une_part_d_une_autre_entente_est_refusee_par_la_base(projet: Projet) -> None:
    preparee = preparer(projet, part("10.00"))
    ailleurs = Enveloppe.objects.exclude(entente=projet.entente).first()
    with pytest.raises(DatabaseError), transaction.atomic():
        preparee.parts.update(enveloppe=ailleurs)


def test_decider_depuis_une_preparation_l_efface(projet: Projet) -> None:
    preparer(projet, part("10.00"))
    decider_projet(
        projet=projet,
        sens="refuser",
        resolution="CA-1",
        adoptee_le=aujourd_hui(),
        parts=[],
        motif_public="Non.",
        auteur=personne("secretariat"),
        instant=maintenant(),
    )
    assert not DecisionPreparee.objects.filter(projet=projet).exists()
