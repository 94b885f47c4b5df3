"""Avis sectoriels : demandés par courriel hors du comité, relancés une fois par jour, inscrits ou sans suite."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from alliances.enums import EtatAvis
from alliances.etats.avis import AVIS
from alliances.models import AvisSectoriel, Comite, Entente, PlanTravail
from alliances.regles.gouvernance import avis_en_retard
from alliances.requetes.gouvernance import avis_attendus
from alliances.services import avis as services
from projets.models import Projet
from socle.erreurs import Refus
from socle.horloge import aujourd_hui, maintenant
from socle.models import Courriel, Envoi
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
CONNECTES = [nom for nom in ROLES if nom != "anonyme"]


def acte(nom: str = "coordination") -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


def refus(motif: str):
    return pytest.raises(Refus, match=motif)


@pytest.fixture
def entente() -> Entente:
    return Entente.objects.select_related("mandataire").get(code="02-2024")


def demander(entente: Entente, nom: str = "coordination", **champs) -> AvisSectoriel:
    valeurs = {
        "comite": Comite.objects.get(entente=entente, type="table"),
        "plan": PlanTravail.objects.en_vigueur().get(entente=entente, territoire=None),
        "dossier": "",
        "destinataire": "Chambre de commerce (démonstration)",
        "courriel": "chambre@demo.example",
        "question": "Les entreprises offriraient-elles des stages?",
        "attendu_le": aujourd_hui() + timedelta(days=14),
    }
    return services.demander_avis(entente=entente, **{**valeurs, **champs}, **acte(nom))


def test_la_question_et_l_echeance_partent_par_la_boite_d_envoi(entente: Entente) -> None:
    avis = demander(entente)
    courriel = Courriel.objects.get(genre="alliances/avis", objet_id=avis.pk)
    assert courriel.destinataire == "chambre@demo.example"
    assert avis.question in courriel.texte
    assert str(avis.attendu_le.year) in courriel.texte
    assert "coordination@demo.example" in courriel.texte, "à qui répondre"
    assert Envoi.objects.filter(cle=f"courriel:{courriel.pk}").count() == 1


def test_sur_un_dossier_par_son_numero(entente: Entente) -> None:
    numero = Projet.objects.filter(entente=entente, numero__isnull=False).order_by("id").first().numero
    avis = demander(entente, plan=None, dossier=f" {numero.lower()} ")
    assert avis.dossier == numero
    assert numero in Courriel.objects.get(objet_id=avis.pk, genre="alliances/avis").objet


@pytest.mark.parametrize(
    ("champs", "motif"),
    [
        ({"dossier": "02-2024-1-CH-0001"}, "un plan ou sur un dossier"),
        ({"plan": None}, "un plan ou sur un dossier"),
        ({"plan": None, "dossier": "14-2017-1-DA-0001"}, "n’est pas un numéro de dossier"),
        ({"plan": None, "dossier": "n'importe quoi"}, "n’est pas un numéro de dossier"),
        ({"question": " "}, "Écrivez la question"),
        ({"attendu_le": date(2020, 1, 1)}, "date attendue est passée"),
        ({"destinataire": "préfecture (DÉMONSTRATION)"}, "est membre du comité"),
    ],
)
def test_refus_d_une_demande(entente: Entente, champs: dict, motif: str) -> None:
    avant = (AvisSectoriel.objects.count(), Courriel.objects.count())
    with refus(motif):
        demander(entente, **champs)
    assert (AvisSectoriel.objects.count(), Courriel.objects.count()) == avant


def test_relancer_une_fois_par_jour_puis_inscrire(entente: Entente) -> None:
    avis = demander(entente)
    services.relancer_avis(avis=avis, **acte())
    with refus("déjà été relancé"):
        services.relancer_avis(avis=avis, **acte())
    services.relancer_avis(avis=avis, auteur=personne("coordination"), instant=maintenant() + timedelta(days=1))
    assert Courriel.objects.filter(genre="alliances/avis", objet_id=avis.pk).count() == 3
    with refus("Écrivez l’avis reçu"):
        services.inscrire_avis(avis=avis, reponse="", **acte())
    services.inscrire_avis(avis=avis, reponse="Oui, trois par an.", **acte())
    avis.refresh_from_db()
    assert (avis.etat, avis.reponse) == ("recu", "Oui, trois par an.")
    assert avis.recu_le is not None
    with refus("n’est plus possible"):
        services.relancer_avis(avis=avis, **acte())


def test_sans_suite_avec_un_motif_puis_recu_quand_meme(entente: Entente) -> None:
    avis = demander(entente)
    with refus("pourquoi"):
        services.classer_avis(avis=avis, motif=" ", **acte())
    services.classer_avis(avis=avis, motif="Aucune réponse après deux relances.", **acte())
    services.inscrire_avis(avis=avis, reponse="Enfin arrivé.", **acte())
    avis.refresh_from_db()
    assert avis.etat == "recu"


@pytest.mark.parametrize("etat", EtatAvis.values)
@pytest.mark.parametrize("nom", CONNECTES)
def test_table_etat_par_role(entente: Entente, etat: str, nom: str) -> None:
    avis = AvisSectoriel.objects.filter(entente=entente).first()
    avis.etat = etat
    offertes = {t.action for t in AVIS.actions_possibles(avis, personne(nom))}
    assert offertes == {t.action for t in AVIS.transitions if etat in t.de and nom == "coordination"}


@pytest.mark.parametrize("nom", [nom for nom in CONNECTES if nom != "coordination"])
def test_personne_d_autre_ne_demande(entente: Entente, nom: str) -> None:
    with refus("Votre rôle ne permet pas"):
        demander(entente, nom)


def test_un_avis_en_retard_est_en_file(entente: Entente) -> None:
    jour = aujourd_hui()
    assert not avis_en_retard("demande", jour, jour)
    assert avis_en_retard("demande", jour - timedelta(days=1), jour)
    assert not avis_en_retard("recu", jour - timedelta(days=1), jour)
    assert avis_attendus(personne("coordination"), jour).count() == 1
    assert not avis_attendus(personne("coordination.lanaudiere"), jour).exists()


def test_un_dossier_inconnu_se_refuse_dans_la_page(entente: Entente) -> None:
    """Le format est bon, mais aucune demande déposée ne porte ce numéro : rien ne part."""
    adresse = f"{reverse('admin:alliances_avissectoriel_demander')}?entente=02-2024"
    valeurs = {
        "dossier": "02-2024-1-CH-9999",
        "destinataire": "Chambre",
        "courriel": "chambre@demo.example",
        "question": "Qu’en pensez-vous?",
    }
    avant = AvisSectoriel.objects.count()
    page = client("coordination").post(adresse, valeurs).content.decode()
    assert "Aucun dossier déposé de cette entente" in page
    assert AvisSectoriel.objects.count() == avant
    numero = Projet.objects.filter(entente=entente, etat="depose").first().numero
    assert client("coordination").post(adresse, {**valeurs, "dossier": numero}).status_code == 302
    assert AvisSectoriel.objects.filter(dossier=numero).exists()
