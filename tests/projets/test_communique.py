"""Le communiqué : refusé avant l'annonce, aperçu marqué, octrois par territoire, total, mention (R28, R29)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from appels.models import Appel
from projets.exports.communique import contexte_communique
from projets.models import Decision, Lettre, Projet
from socle.horloge import maintenant
from tests.outils.personnes import client
from tests.projets.test_decisions import decider, part

pytestmark = pytest.mark.django_db


@pytest.fixture
def appel() -> Appel:
    """L'appel du jour, décisions non annoncées."""
    return Appel.objects.get(code="02-2024-1")


@pytest.fixture
def lettre() -> Lettre:
    """La lettre d'un octroi de l'appel du jour."""
    projet = Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )
    return decider(projet, part("40000.00")).lettre


def adresse(appel: Appel) -> str:
    return f"{reverse('admin:projets_projet_communique')}?appel={appel.pk}"


def annonce() -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code="02-2017-1")


def test_le_communique_d_un_appel_annonce_dit_les_octrois_publies() -> None:
    """Premier appel 2019 : 28 projets, 2 733 155 $, chaque territoire à son total."""
    lu = contexte_communique(annonce(), maintenant())
    decisions = Decision.objects.filter(projet__appel__code="02-2017-1", montant__gt=0)
    assert lu["nombre"] == decisions.count() == 28
    assert lu["total"] == sum(d.montant for d in decisions) == Decimal(2_733_155)
    totaux = {groupe.nom: groupe.total for groupe in lu["groupes"]}
    assert totaux["Chicoutimi et les environs"] == Decimal(412_514)
    assert lu["total"] == sum(totaux.values())
    page = client("finances").get(adresse(annonce())).content.decode()
    assert "Ces projets sont réalisés avec la participation financière" in page
    assert "Fonds québécois d’initiatives sociales" in page.replace("&#x27;", "’")
    assert "embargo" not in page.lower()
    assert lu["texte"].count("• ") == 28


def test_avant_l_annonce_seule_la_coordination_lit_un_apercu_marque(appel: Appel, lettre: Lettre) -> None:
    titre = lettre.decision.projet.titre
    for role in ("finances", "secretariat", "tresorerie"):
        reponse = client(role).get(adresse(appel))
        assert reponse.status_code == 403
        assert "Sous embargo" in reponse.content.decode()
        assert titre not in reponse.content.decode()
    apercu = client("coordination").get(adresse(appel)).content.decode()
    assert titre in apercu
    assert "Sous embargo – ne pas diffuser" in apercu
    assert "SOUS EMBARGO – NE PAS DIFFUSER" in apercu
    assert client("coordination.lanaudiere").get(adresse(appel)).status_code == 404
    assert client("agent").get(adresse(appel)).status_code == 403


def test_sans_octroi_la_page_le_dit() -> None:
    page = client("coordination").get(adresse(Appel.objects.get(code="02-2024-2"))).content.decode()
    assert "Aucun octroi" in page


def test_le_communique_coute_autant_pour_un_projet_que_pour_vingt_huit(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(6):
        contexte_communique(annonce(), maintenant())
