"""Convention et versements : tranches (R30), signatures, retard, deux personnes (R31), rapport dû (R32)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from alliances.models import Mouvement
from projets.enums import EtatConvention, EtatVersement
from projets.etats import CONVENTION, VERSEMENT
from projets.models import Convention, Decision, Projet, Versement
from projets.services.conventions import contresigner_convention, preparer_convention, signer_convention
from projets.services.decisions import Part, decider_projet
from projets.services.versements import approuver_versement, payer_versement
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.horloge import EST, aujourd_hui, maintenant
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
D = Decimal
CONNECTES = [nom for nom in ROLES if nom != "anonyme"]


def acteur(nom: str) -> dict[str, object]:
    return {"auteur": personne(nom), "instant": maintenant()}


def accepte() -> Projet:
    """Accepté, lettre partie, sans convention : 24 000,00 $ de l'enveloppe régionale."""
    return Projet.objects.select_related("appel", "entente").get(
        entente__code="02-2024", etat="accepte", convention__isnull=True
    )


@pytest.fixture
def convention() -> Convention:
    return preparer_convention(projet=accepte(), **acteur("coordination"))


def activer(convention: Convention) -> None:
    signer_convention(convention=convention, **acteur("organismes"))
    contresigner_convention(convention=convention, **acteur("coordination"))


def premier(convention: Convention) -> Versement:
    return convention.versements.select_related("convention").get(rang=1)


def approuve(convention: Convention, nom: str = "finances") -> Versement:
    activer(convention)
    return approuver_versement(versement=premier(convention), **acteur(nom))


@pytest.mark.parametrize(
    ("octroi", "tranches", "attendu"),
    [
        ("348701", [1, 1, 1], ["116233.67", "116233.67", "116233.66"]),
        ("60001.01", [50, 40, 10], ["30000.51", "24000.40", "6000.10"]),
        ("24000", [100], ["24000.00"]),
        ("0.01", [50, 50], ["0.01"]),
    ],
)
def test_r30_les_tranches_de_la_convention(octroi: str, tranches: list[int], attendu: list[str]) -> None:
    projet = accepte()
    Decision.objects.filter(projet=projet).update(montant=D(octroi))
    projet.appel.parametres_figes = {**projet.appel.parametres_figes, "tranches": tranches}
    projet.appel.save(update_fields=["parametres_figes"])
    convention = preparer_convention(projet=accepte(), **acteur("coordination"))
    versements = list(convention.versements.order_by("rang"))
    assert [v.montant for v in versements] == [D(montant) for montant in attendu]
    assert sum(v.montant for v in versements) == convention.montant == D(octroi)
    assert [v.condition for v in versements[:-1]] == ["signature"] * (len(versements) - 1)
    if len(versements) == len(tranches) > 1:
        assert versements[-1].condition == "rapport_final"


def test_r32_le_rapport_est_du_un_mois_apres_la_fin() -> None:
    Projet.objects.filter(pk=accepte().pk).update(fin=date(2027, 1, 31))
    assert preparer_convention(projet=accepte(), **acteur("coordination")).rapport.du_le == date(2027, 2, 28)


def test_une_convention_ne_se_prepare_qu_une_fois_et_pour_un_projet_accepte(convention: Convention) -> None:
    with pytest.raises(Refus, match="déjà sa convention"):
        preparer_convention(projet=convention.projet, **acteur("coordination"))
    with pytest.raises(Refus, match="projet accepté"):
        preparer_convention(
            projet=Projet.objects.filter(entente__code="02-2024", etat="recommande").first(), **acteur("coordination")
        )


def test_r31_rien_avant_les_deux_signatures(convention: Convention) -> None:
    with pytest.raises(Refus, match="pas signée par les deux parties"):
        approuver_versement(versement=premier(convention), **acteur("finances"))
    with pytest.raises(Refus, match="n’est plus possible"):
        contresigner_convention(convention=convention, **acteur("coordination"))
    signer_convention(convention=convention, **acteur("organismes"))
    with pytest.raises(Refus, match="pas signée par les deux parties"):
        approuver_versement(versement=premier(convention), **acteur("finances"))
    contresigner_convention(convention=convention, **acteur("coordination"))
    assert approuver_versement(versement=premier(convention), **acteur("finances")).etat == "approuve"


def test_r31_la_derniere_tranche_attend_le_rapport_accepte(convention: Convention) -> None:
    activer(convention)
    with pytest.raises(Refus, match="attend l’acceptation du rapport final"):
        approuver_versement(versement=convention.versements.get(rang=2), **acteur("finances"))


@pytest.mark.parametrize(("jours", "suspendu"), [(1, True), (0, False)])
def test_r31_un_rapport_en_retard_suspend_l_organisme(convention: Convention, jours: int, suspendu: bool) -> None:
    """Le rapport d'un autre projet du même organisme, dû hier, arrête ce versement; dû aujourd'hui, non."""
    activer(convention)
    autre = Convention.objects.select_related("projet", "rapport").get(
        projet__entente__code="02-2024", etat="active", projet__enveloppe__code="02-2024/JQ"
    )
    Projet.objects.filter(pk=autre.projet_id).update(organisme=convention.projet.organisme)
    autre.rapport.du_le = maintenant().astimezone(EST).date() - timedelta(days=jours)
    autre.rapport.save(update_fields=["du_le"])
    if not suspendu:
        assert approuver_versement(versement=premier(convention), **acteur("finances")).etat == "approuve"
        return
    with pytest.raises(Refus) as refus:
        approuver_versement(versement=premier(convention), **acteur("finances"))
    assert autre.projet.numero in str(refus.value)
    assert "versements de cet organisme sont suspendus" in str(refus.value)


def test_r31_qui_approuve_ne_paie_pas_par_le_service_et_par_l_ecran(convention: Convention) -> None:
    versement = approuve(convention)
    with pytest.raises(Refus, match="une autre personne doit inscrire le paiement"):
        payer_versement(versement=versement, paiement="VIR-1", **acteur("finances"))
    adresse = reverse("admin:projets_versement_payer", args=[versement.pk])
    reponse = client("finances").post(adresse, {"paiement": "VIR-1"})
    assert "une autre personne doit inscrire le paiement" in reponse.content.decode()
    assert not Mouvement.objects.filter(cle__startswith=f"versement:{versement.pk}:").exists()
    assert client("tresorerie").post(adresse, {"paiement": "VIR-1"}).status_code == 302
    versement.refresh_from_db()
    assert (versement.etat, versement.paye_par) == ("paye", personne("tresorerie"))


def test_r31_une_page_perimee_ne_contourne_pas_la_regle(convention: Convention) -> None:
    """La personne a lu le versement avant de l'approuver elle-même : l'objet en main ne le sait pas."""
    activer(convention)
    perime = premier(convention)
    approuver_versement(versement=premier(convention), **acteur("finances"))
    with pytest.raises(Refus, match="une autre personne doit inscrire le paiement"):
        payer_versement(versement=perime, paiement="VIR-1", **acteur("finances"))


def test_un_paiement_sans_reference_est_refuse(convention: Convention) -> None:
    with pytest.raises(Refus, match="référence du paiement") as refus:
        payer_versement(versement=approuve(convention), paiement=" ", **acteur("tresorerie"))
    assert refus.value.champ == "paiement"


def test_payer_deux_fois_n_inscrit_qu_une_fois(convention: Convention) -> None:
    versement = approuve(convention)
    adresse, c = reverse("admin:projets_versement_payer", args=[versement.pk]), client("tresorerie")
    premiere, seconde = [c.post(adresse, {"paiement": "VIR-1"}) for _ in range(2)]
    assert premiere.status_code == 302
    assert seconde.status_code in {200, 302, 404}
    mouvement = Mouvement.objects.get(cle__startswith=f"versement:{versement.pk}:")
    assert (mouvement.type, mouvement.montant) == ("versement", D("12000.00"))
    with pytest.raises(Refus, match="n’est plus possible"):
        payer_versement(versement=versement, paiement="VIR-2", **acteur("tresorerie"))


def test_r31_un_retard_apparu_apres_l_approbation_arrete_le_paiement(convention: Convention) -> None:
    versement = approuve(convention)
    convention.rapport.du_le = aujourd_hui() - timedelta(days=1)
    convention.rapport.save(update_fields=["du_le"])
    with pytest.raises(Refus, match="versements de cet organisme sont suspendus"):
        payer_versement(versement=versement, paiement="VIR-1", **acteur("tresorerie"))


@pytest.mark.parametrize(
    ("instant", "exercice"),
    [
        (datetime(2027, 4, 1, 3, 59, 59, tzinfo=UTC), "2026-2027"),
        (datetime(2027, 4, 1, 4, 0, 0, tzinfo=UTC), "2027-2028"),
    ],
)
def test_r17_l_exercice_d_un_paiement_change_a_minuit_le_1er_avril_ici(
    convention: Convention, instant: datetime, exercice: str
) -> None:
    """Le 31 mars à 23 h 59 (heure de l'Est) est de l'ancien exercice, même si Londres est déjà au 1er avril."""
    versement = payer_versement(
        versement=approuve(convention), paiement="VIR-1", auteur=personne("tresorerie"), instant=instant
    )
    assert versement.exercice == exercice
    assert Mouvement.objects.get(cle__startswith=f"versement:{versement.pk}:").exercice == exercice


def test_r18_un_paiement_s_etale_sur_les_parts_de_l_octroi() -> None:
    """Octroi de 10 000,01 + 5 000,00 sur deux enveloppes : la moitié (7 500,01) remplit la première d'abord."""
    projet = Projet.objects.get(entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/CH")
    Projet.objects.filter(pk=projet.pk).update(montant_demande=D("15000.01"))
    exercice = exercice_de(aujourd_hui())
    enveloppes = {e.lettres: e for e in projet.entente.enveloppes.select_related("entente")}
    decider_projet(
        projet=projet,
        sens="accepter",
        resolution="CA-9",
        adoptee_le=aujourd_hui(),
        parts=[Part(enveloppes["CH"], exercice, D("5000.00")), Part(enveloppes["RG"], exercice, D("10000.01"))],
        motif_public="",
        **acteur("secretariat"),
    )
    projet.refresh_from_db()
    convention = preparer_convention(projet=projet, **acteur("coordination"))
    payer_versement(versement=approuve(convention), paiement="V", **acteur("tresorerie"))
    verses = Mouvement.objects.filter(type="versement", engagement__octroi__decision__projet=projet)
    assert {m.enveloppe.lettres: m.montant for m in verses.select_related("enveloppe")} == {
        "CH": D("5000.00"),
        "RG": D("2500.01"),
    }


QUI = {
    CONVENTION: {
        "signer": {"organismes"},
        "contresigner": {"coordination"},
        "completer": {"coordination"},
    },
    VERSEMENT: {
        "approuver": {"coordination", "finances"},
        "payer": {"tresorerie", "finances"},
        "annuler": {"coordination"},
    },
}


@pytest.mark.parametrize("nom", CONNECTES)
def test_tables_etat_par_role(convention: Convention, nom: str) -> None:
    for machine, objet, etats in (
        (CONVENTION, convention, EtatConvention.values),
        (VERSEMENT, premier(convention), EtatVersement.values),
    ):
        assert set(QUI[machine]) == {t.action for t in machine.transitions}
        for etat in etats:
            objet.etat = etat
            offertes = {t.action for t in machine.actions_possibles(objet, personne(nom))}
            assert offertes == {
                t.action for t in machine.transitions if etat in t.de and nom in QUI[machine][t.action]
            }, (machine.objet, etat)
