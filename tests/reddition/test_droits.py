"""Qui prépare, dépose, examine et lit une reddition : table des rôles, vues et services (R38, R41)."""

import pytest
from django.urls import reverse

from alliances.models import Entente
from comptes.enums import Role
from reddition.enums import EtatReddition
from reddition.etats import REDDITION
from reddition.models import Reddition
from reddition.services.redditions import (
    accepter_reddition,
    deposer_reddition,
    ecrire_textes,
    preparer_reddition,
    renvoyer_reddition,
)
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.horloge import aujourd_hui, maintenant
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
COURANT = exercice_de(aujourd_hui())
CONNECTES = [nom for nom in ROLES if nom != "anonyme"]
QUI = {
    "deposer": {"coordination"},
    "accepter": {"ministere"},
    "renvoyer": {"ministere"},
    "remplacer": {"coordination"},
}


@pytest.fixture
def reddition() -> Reddition:
    preparee = preparer_reddition(
        entente=Entente.objects.select_related("mandataire").get(code="02-2024"),
        exercice=COURANT,
        auteur=personne("coordination"),
        instant=maintenant(),
    )
    return ecrire_textes(reddition=preparee, faits_saillants="En bref.", retombees="", auteur=personne("coordination"))


def deposer(reddition: Reddition) -> Reddition:
    return deposer_reddition(reddition=reddition, auteur=personne("coordination"), instant=maintenant())


@pytest.mark.parametrize("etat", EtatReddition.values)
@pytest.mark.parametrize("nom", CONNECTES)
def test_table_etat_par_role(reddition: Reddition, etat: str, nom: str) -> None:
    reddition.etat = etat
    offertes = {t.action for t in REDDITION.actions_possibles(reddition, personne(nom))}
    assert offertes == {t.action for t in REDDITION.transitions if etat in t.de and nom in QUI[t.action]}


def test_la_table_couvre_toutes_les_actions() -> None:
    assert set(QUI) == {t.action for t in REDDITION.transitions}


@pytest.mark.parametrize("nom", [nom for nom in CONNECTES if nom != "coordination"])
def test_le_service_refuse_le_depot_a_qui_n_est_pas_la_coordination(reddition: Reddition, nom: str) -> None:
    with pytest.raises(Refus, match="Votre rôle ne permet pas"):
        deposer_reddition(reddition=reddition, auteur=personne(nom), instant=maintenant())
    assert not reddition.entente.exercices_fermes.exists()


@pytest.mark.parametrize("nom", [nom for nom in CONNECTES if nom != "ministere"])
@pytest.mark.parametrize("acte", [accepter_reddition, renvoyer_reddition])
def test_le_service_refuse_l_examen_a_qui_n_est_pas_le_ministere(reddition: Reddition, acte, nom: str) -> None:
    deposee = deposer(reddition)
    with pytest.raises(Refus, match="Votre rôle ne permet pas"):
        acte(reddition=deposee, commentaire="Non.", auteur=personne(nom), instant=maintenant())
    deposee.refresh_from_db()
    assert deposee.etat == "deposee"


@pytest.mark.parametrize("acte", ["compiler", "textes", "deposer"])
def test_les_actes_de_l_admin_ne_s_ouvrent_qu_a_la_coordination(reddition: Reddition, acte: str) -> None:
    adresse = reverse(f"admin:reddition_reddition_{acte}", args=[reddition.pk])
    codes = {nom: client(nom).get(adresse).status_code for nom in CONNECTES}
    assert codes["coordination"] == 200
    assert 200 not in {code for nom, code in codes.items() if nom != "coordination"}


def test_poster_le_depot_sans_le_role_ne_change_rien(reddition: Reddition) -> None:
    adresse = reverse("admin:reddition_reddition_deposer", args=[reddition.pk])
    for nom in CONNECTES:
        if nom != "coordination":
            client(nom).post(adresse, {})
    reddition.refresh_from_db()
    assert reddition.etat == "preparation"
    assert client("coordination").post(adresse, {"confirmation": "on"}).status_code == 302
    reddition.refresh_from_db()
    assert (reddition.etat, reddition.deposee_par) == ("deposee", personne("coordination"))


def test_le_ministere_ne_voit_rien_avant_le_depot(reddition: Reddition) -> None:
    c = client("ministere")
    assert c.get(reddition.get_absolute_url()).status_code == 404
    deposer(reddition)
    assert c.get(reddition.get_absolute_url()).status_code == 200


def test_le_ministere_accepte_par_sa_page(reddition: Reddition) -> None:
    deposee = deposer(reddition)
    reponse = client("ministere").post(deposee.get_absolute_url(), {"accepter": "1", "commentaire": "Merci."})
    assert reponse.status_code == 302
    deposee.refresh_from_db()
    assert (deposee.etat, deposee.commentaire, deposee.traitee_par) == ("acceptee", "Merci.", personne("ministere"))


def test_retourner_sans_commentaire_se_refuse_dans_la_page(reddition: Reddition) -> None:
    deposee = deposer(reddition)
    reponse = client("ministere").post(deposee.get_absolute_url(), {"retourner": "1", "commentaire": ""})
    assert "Écrivez ce que la coordination doit corriger" in reponse.content.decode()
    deposee.refresh_from_db()
    assert deposee.etat == "deposee"


def test_une_direction_regionale_ne_voit_que_sa_region(reddition: Reddition) -> None:
    """R38 : le central lit tout; une direction régionale, sa région (ici, pas celle de l'Alliance 02)."""
    deposee = deposer(reddition)
    affectation = personne("ministere").affectations.get(role=Role.MINISTERE)
    affectation.region = Entente.objects.get(code="14-2017").mandataire.region
    affectation.save()
    c = client("ministere")
    assert c.get(deposee.get_absolute_url()).status_code == 404
    assert "02-2024" not in c.get("/ministere/", {"exercice": COURANT}).content.decode()
