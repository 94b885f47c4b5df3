"""R29 : après un octroi partiel, un budget révisé remis, renvoyé, accepté; la convention attend."""

from decimal import Decimal

import pytest
from django.urls import reverse

from projets.models import BudgetRevise, Projet
from projets.services.budgets_revises import (
    accepter_budget_revise,
    ecrire_budget_revise,
    renvoyer_budget_revise,
    soumettre_budget_revise,
)
from projets.services.conventions import preparer_convention
from projets.services.lettres import envoyer_lettre, relire_lettre
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import client, personne
from tests.projets.test_decisions import decider, part
from tests.projets.test_revision import reviser

pytestmark = pytest.mark.django_db
D = Decimal
DEPENSES = [{"categorie": "salaires", "libelle": "Animation", "engagee_le": None, "montant": "50000"}]
FINANCEMENTS = [{"source": "promoteur", "libelle": "", "genre": "argent", "confirme": True, "montant": "10000"}]


def acteur(nom: str) -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


@pytest.fixture
def projet() -> Projet:
    """Accepté à 40 000,00 sur 126 497,00, la lettre envoyée."""
    projet = Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )
    lettre = decider(projet, part("40000.00")).lettre
    relire_lettre(lettre=lettre, **acteur("coordination"))
    envoyer_lettre(lettre=lettre, **acteur("coordination"))
    return Projet.objects.select_related("enveloppe", "entente").get(pk=projet.pk)


def budget(projet: Projet) -> BudgetRevise:
    return BudgetRevise.objects.get(projet=projet)


def ecrire(projet: Projet, depenses: list = DEPENSES, financements: list = FINANCEMENTS) -> BudgetRevise:
    return ecrire_budget_revise(
        budget=budget(projet),
        depenses=depenses,
        financements=financements,
        mot="Moins d’heures.",
        **acteur("organismes"),
    )


def test_un_octroi_partiel_attend_un_budget_et_retient_la_convention(projet: Projet) -> None:
    assert (budget(projet).etat, budget(projet).montant) == ("attendu", D("40000.00"))
    assert budget(projet).depenses, "prérempli du budget déposé"
    with pytest.raises(Refus, match="budget révisé"):
        preparer_convention(projet=projet, **acteur("coordination"))
    assert "budget révisé" in client("organismes").get(projet.get_absolute_url()).content.decode()


def test_un_octroi_complet_n_en_attend_pas() -> None:
    projet = Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )
    decider(projet, part("126497.00"))
    assert not BudgetRevise.objects.filter(projet=projet).exists()


def test_la_boucle_remettre_renvoyer_accepter(projet: Projet) -> None:
    ecrire(projet)
    soumettre_budget_revise(budget=budget(projet), **acteur("organismes"))
    assert Courriel.objects.filter(genre="projets/budget_revise").exists()
    with pytest.raises(Refus, match="n’est plus possible"):
        ecrire(projet)
    renvoyer_budget_revise(budget=budget(projet), correction="Précisez.", **acteur("coordination"))
    assert Courriel.objects.filter(genre="projets/budget_a_corriger").exists()
    ecrire(projet)
    soumettre_budget_revise(budget=budget(projet), **acteur("organismes"))
    depot = projet.depots.latest("rang").contenu
    accepter_budget_revise(budget=budget(projet), **acteur("coordination"))
    assert [(d.categorie, d.libelle, d.montant) for d in projet.depenses.all()] == [
        ("salaires", "Animation", D(50_000))
    ]
    assert [(f.source, f.montant, f.confirme) for f in projet.financements.all()] == [("promoteur", D(10_000), True)]
    assert projet.depots.latest("rang").contenu == depot, "le dépôt reste tel quel"
    assert preparer_convention(projet=Projet.objects.get(pk=projet.pk), **acteur("coordination")).montant == D(40_000)


def test_r13_un_budget_qui_ne_balance_pas_ne_se_remet_pas(projet: Projet) -> None:
    ecrire(projet, [{**DEPENSES[0], "montant": "50000.01"}])
    with pytest.raises(Refus, match="0,01"):
        soumettre_budget_revise(budget=budget(projet), **acteur("organismes"))
    ecrire(projet, [])
    with pytest.raises(Refus, match="Inscrivez les dépenses"):
        soumettre_budget_revise(budget=budget(projet), **acteur("organismes"))


def test_par_la_page_enregistrer_puis_remettre(projet: Projet) -> None:
    adresse, c = reverse("projets:budget_revise", args=[projet.uuid]), client("organismes")
    donnees = {
        "depenses-TOTAL_FORMS": 1,
        "depenses-INITIAL_FORMS": 0,
        "depenses-0-categorie": "salaires",
        "depenses-0-montant": "50 000,00 $",
        "financements-TOTAL_FORMS": 1,
        "financements-INITIAL_FORMS": 0,
        "financements-0-source": "promoteur",
        "financements-0-genre": "argent",
        "financements-0-montant": "1.234,50",
        "mot": "Moins d’heures.",
    }
    refus = c.post(adresse, donnees).content.decode()
    assert "1.234,50" in refus
    assert "Il y a un problème" in refus
    assert c.post(adresse, {**donnees, "financements-0-montant": "10000", "remettre": "1"}).status_code == 302
    assert budget(projet).etat == "soumis"
    assert "Remis le" in c.get(adresse).content.decode()


def test_invisible_avant_la_lettre_et_hors_de_l_organisme(projet: Projet) -> None:
    adresse = reverse("projets:budget_revise", args=[projet.uuid])
    assert client("promoteur").get(adresse).status_code == 404
    assert client("organismes").get(adresse).status_code == 200
    reviser(projet, part("30000.00"))
    assert client("organismes").get(adresse).status_code == 404, "la décision révisée n'est pas encore communiquée"
    assert (budget(projet).etat, budget(projet).montant) == ("attendu", D(30_000))


@pytest.mark.parametrize(("nom", "permis"), [("coordination", True), ("finances", False), ("organismes", False)])
def test_qui_accepte(projet: Projet, nom: str, permis: bool) -> None:
    ecrire(projet)
    soumettre_budget_revise(budget=budget(projet), **acteur("organismes"))
    if permis:
        assert accepter_budget_revise(budget=budget(projet), **acteur(nom)).etat == "accepte"
    else:
        with pytest.raises(Refus, match="Votre rôle"):
            accepter_budget_revise(budget=budget(projet), **acteur(nom))
