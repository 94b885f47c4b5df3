"""Rapport final : solde dû ou trop-versé (R33), dépenses admissibles (R3), correction, retour à l'enveloppe."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from alliances.models import Enveloppe, Mouvement
from projets.enums import EtatRapport
from projets.etats import RAPPORT
from projets.models import Convention, Projet, RapportProjet
from projets.services.conventions import contresigner_convention, preparer_convention, signer_convention
from projets.services.decisions import Part, decider_projet
from projets.services.lettres import envoyer_lettre, relire_lettre
from projets.services.rapports import (
    accepter_rapport,
    enregistrer_rapport,
    renvoyer_rapport,
    solde_de,
    soumettre_rapport,
)
from projets.services.versements import approuver_versement, payer_versement
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.horloge import aujourd_hui, maintenant
from socle.models import Courriel, TransitionEtat
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
D = Decimal
OCTROI, DEPENSES = D("50000.00"), D("55555.56")  # taux d'aide de 90 %


def acteur(nom: str) -> dict[str, object]:
    return {"auteur": personne(nom), "instant": maintenant()}


def convenir(tranches: list[int]) -> Convention:
    """Octroi de 50 000 $ à 90 %, convention active."""
    projet = Projet.objects.select_related("appel").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/CH"
    )
    projet.depenses.all().delete()
    projet.depenses.create(categorie="salaires", libelle="Intervention", montant=DEPENSES, ordre=0)
    Projet.objects.filter(pk=projet.pk).update(montant_demande=OCTROI)
    projet.appel.parametres_figes = {**projet.appel.parametres_figes, "tranches": tranches}
    projet.appel.save(update_fields=["parametres_figes"])
    decider_projet(
        projet=projet,
        sens="accepter",
        resolution="CA-50",
        adoptee_le=aujourd_hui(),
        parts=[Part(projet.enveloppe, exercice_de(aujourd_hui()), OCTROI)],
        motif_public="",
        **acteur("secretariat"),
    )
    projet.refresh_from_db()
    convention = preparer_convention(projet=projet, **acteur("coordination"))
    signer_convention(convention=convention, **acteur("organismes"))
    return contresigner_convention(convention=convention, **acteur("coordination"))


def verser(convention: Convention, rang: int) -> None:
    versement = convention.versements.get(rang=rang)
    approuver_versement(versement=versement, **acteur("finances"))
    payer_versement(versement=versement, paiement=f"V-{rang}", **acteur("tresorerie"))


def ecrire(convention: Convention, reel: str) -> RapportProjet:
    rapport = RapportProjet.objects.get(convention=convention)
    return enregistrer_rapport(
        rapport=rapport,
        champs={"realisations": "Tout a eu lieu.", "personnes_rejointes": 43},
        reelles={convention.projet.depenses.get().pk: D(reel)},
        obtenus={},
        auteur=personne("organismes"),
    )


def accepter(convention: Convention, reel: str) -> Convention:
    soumis = soumettre_rapport(rapport=ecrire(convention, reel), **acteur("organismes"))
    accepter_rapport(rapport=soumis, **acteur("coordination"))
    return Convention.objects.select_related("projet__enveloppe", "rapport").get(pk=convention.pk)


def tranches(convention: Convention) -> list[tuple[str, Decimal]]:
    return list(convention.versements.order_by("rang").values_list("etat", "montant"))


def disponible() -> Decimal:
    return Enveloppe.objects.get(code="02-2024/CH").disponible


@pytest.fixture
def versee() -> Convention:
    """45 000 $ versés sur 50 000 $."""
    convention = convenir([90, 10])
    verser(convention, 1)
    return convention


def test_r33_il_reste_1_800_et_3_200_reviennent_a_l_enveloppe(versee: Convention) -> None:
    avant = disponible()
    convention = accepter(versee, "52000.00")
    assert tranches(convention) == [("paye", D("45000.00")), ("prevu", D("1800.00"))]
    assert disponible() - avant == D("3200.00")
    verser(convention, 2)
    convention.refresh_from_db()
    engagement = convention.projet.decision.lignes.get().engagement
    assert (engagement.montant, engagement.verse) == (D("46800.00"), D("46800.00"))
    assert convention.etat == "completee"
    assert engagement.clos_le is not None


def test_r33_tout_depense_rien_ne_revient(versee: Convention) -> None:
    avant = disponible()
    convention = accepter(versee, str(DEPENSES))
    assert tranches(convention) == [("paye", D("45000.00")), ("prevu", D("5000.00"))]
    assert disponible() == avant


def test_r33_jamais_plus_que_l_octroi(versee: Convention) -> None:
    assert tranches(accepter(versee, "90000.00"))[1] == ("prevu", D("5000.00"))


@pytest.mark.parametrize("parts", [[90, 10], [100]])
def test_r33_un_trop_verse_se_note_au_cent_meme_sans_tranche_a_annuler(parts: list[int]) -> None:
    """40 000 × 90 % = 36 000 : 9 000 de trop (14 000 quand tout l'octroi est versé)."""
    convention = convenir(parts)
    verser(convention, 1)
    trop = {2: "9 000,00 $", 1: "14 000,00 $"}[len(parts)]
    convention = accepter(convention, "40000.00")
    assert solde_de(convention) < 0
    motif = TransitionEtat.objects.get(
        objet_type="projets.rapportprojet", objet_id=convention.rapport.pk, action="accepter"
    )
    assert f"Trop-versé de {trop}, à recouvrer." in motif.motif.replace("\u00a0", " ")
    assert [etat for etat, _montant in tranches(convention)] == ["paye", "annule"][: len(parts)]
    engagement = convention.projet.decision.lignes.get().engagement
    assert engagement.montant == engagement.verse, "rien d'engagé ne reste en l'air"


@pytest.mark.parametrize(("reel", "attendu"), [("52000.00", "1800.00"), ("40000.00", None)])
def test_r33_un_versement_approuve_pas_encore_paye_compte_comme_verse(reel: str, attendu: str | None) -> None:
    """Sinon le solde se paierait deux fois : 45 000 $ approuvés, puis 5 000 $ de solde pour 46 800 $ dus."""
    convention = convenir([90, 10])
    approuver_versement(versement=convention.versements.get(rang=1), **acteur("finances"))
    convention = accepter(convention, reel)
    assert tranches(convention) == [
        ("approuve", D("45000.00")),
        ("prevu", D(attendu)) if attendu else ("annule", D("5000.00")),
    ]


def test_r3_le_reel_non_admissible_ne_compte_pas(versee: Convention) -> None:
    projet = versee.projet
    lignes = [
        ("immobilisations", None),
        ("mission_globale", None),
        ("materiel", projet.decision.adoptee_le - timedelta(days=1)),
        ("materiel", projet.decision.adoptee_le),
    ]
    creees = [
        projet.depenses.create(categorie=c, libelle=c, montant=D(100), engagee_le=jour, ordre=n)
        for n, (c, jour) in enumerate(lignes, start=1)
    ]
    rapport = enregistrer_rapport(
        rapport=versee.rapport,
        champs={},
        reelles={d.pk: D("100.00") for d in creees},
        obtenus={},
        auteur=personne("organismes"),
    )
    assert rapport.depenses_reelles == D("100.00")


@pytest.mark.parametrize(
    ("champs", "manque"),
    [
        ({"realisations": " "}, "ce qui a été réalisé"),
        ({"personnes_rejointes": None}, "le nombre de personnes rejointes"),
        ({"depenses_reelles": D(0)}, "les dépenses réelles"),
    ],
)
def test_un_rapport_incomplet_ne_se_soumet_pas(versee: Convention, champs: dict, manque: str) -> None:
    rapport = ecrire(versee, "52000.00")
    RapportProjet.objects.filter(pk=rapport.pk).update(**champs)
    rapport.refresh_from_db()
    with pytest.raises(Refus, match=f"Il manque\u00a0: {manque}"):
        soumettre_rapport(rapport=rapport, **acteur("organismes"))


def test_la_boucle_de_correction(versee: Convention) -> None:
    rapport = soumettre_rapport(rapport=ecrire(versee, "52000.00"), **acteur("organismes"))
    with pytest.raises(Refus, match="Ce rapport est soumis"):
        ecrire(versee, "53000.00")
    with pytest.raises(Refus, match="Écrivez ce qui est à corriger"):
        renvoyer_rapport(rapport=rapport, correction=" ", **acteur("coordination"))
    renvoyer_rapport(rapport=rapport, correction="Joignez les factures.", **acteur("coordination"))
    courriel = Courriel.objects.get(genre="projets/correction", objet_id=versee.projet_id)
    assert (courriel.destinataire, "Joignez les factures." in courriel.texte) == ("organismes@demo.example", True)
    with pytest.raises(Refus, match="n’est plus possible"):
        accepter_rapport(rapport=rapport, **acteur("coordination"))
    encore = soumettre_rapport(rapport=ecrire(versee, "51000.00"), **acteur("organismes"))
    assert (encore.etat, encore.correction) == ("soumis", "")
    accepter_rapport(rapport=encore, **acteur("coordination"))
    assert tranches(versee)[1] == ("prevu", D("900.00"))


def test_accepter_deux_fois_n_ajuste_qu_une_fois(versee: Convention) -> None:
    convention = accepter(versee, "52000.00")
    with pytest.raises(Refus, match="n’est plus possible"):
        accepter_rapport(rapport=convention.rapport, **acteur("coordination"))
    assert Mouvement.objects.filter(cle__startswith=f"solde:{convention.pk}:").count() == 1


def test_l_organisme_ecrit_et_soumet_par_sa_page(versee: Convention) -> None:
    relire_lettre(lettre=versee.projet.decision.lettre, **acteur("coordination"))
    envoyer_lettre(lettre=versee.projet.decision.lettre, **acteur("coordination"))
    adresse = reverse("projets:rapport", args=[versee.projet.uuid])
    donnees = {
        "realisations": "Tout a eu lieu.",
        "personnes_rejointes": "43",
        "partenaires_argent": "1 000,50",
        "partenaires_nature": "0",
        f"reel_{versee.projet.depenses.get().pk}": "52 000,00",
        "soumettre": "1",
    }
    assert client("organismes").post(adresse, donnees).status_code == 302
    rapport = RapportProjet.objects.get(convention=versee)
    assert (rapport.etat, rapport.depenses_reelles, rapport.partenaires_argent) == (
        "soumis",
        D("52000.00"),
        D("1000.50"),
    )


QUI = {"soumettre": {"organismes"}, "renvoyer": {"coordination"}, "accepter": {"coordination"}}


@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom != "anonyme"])
def test_table_etat_par_role(nom: str) -> None:
    rapport = RapportProjet.objects.filter(entente__code="02-2024").first()
    for etat in EtatRapport.values:
        rapport.etat = etat
        offertes = {t.action for t in RAPPORT.actions_possibles(rapport, personne(nom))}
        assert offertes == {t.action for t in RAPPORT.transitions if etat in t.de and nom in QUI[t.action]}
