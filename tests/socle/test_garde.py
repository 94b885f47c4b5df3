"""Une page publique gardée cinq secondes : la même pour tous sans session, jamais celle d'une personne connectée."""

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client

from appels.models import Appel
from comptes.models import Utilisateur

pytestmark = pytest.mark.django_db


@pytest.fixture
def garde(settings):
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "essai-garde"},
    }
    caches["pages"].clear()
    yield caches["pages"]
    caches["pages"].clear()


@pytest.fixture
def adresse(db) -> str:
    return Appel.objects.publics().order_by("pk").first().get_absolute_url()


def test_la_page_se_sert_sans_requete_a_qui_n_a_pas_de_session(garde, adresse, django_assert_num_queries) -> None:
    premiere = Client().get(adresse)
    with django_assert_num_queries(0):
        seconde = Client().get(adresse)
    assert premiere.content == seconde.content
    assert "Cookie" in seconde["Vary"]


def test_passe_l_instant_la_page_est_neuve(garde, adresse) -> None:
    Client().get(adresse)
    Appel.objects.update(titre="Titre changé")
    assert "Titre changé" not in Client().get(adresse).content.decode()
    garde.clear()  # ce que font les cinq secondes
    assert "Titre changé" in Client().get(adresse).content.decode()


def test_une_personne_connectee_a_toujours_sa_page_et_ne_la_laisse_a_personne(garde, adresse) -> None:
    personne = Utilisateur.objects.get(email="promoteur@demo.example")
    client = Client()
    client.force_login(personne)
    assert "Se déconnecter" in client.get(adresse).content.decode()
    anonyme = Client().get(adresse).content.decode()
    assert "Se déconnecter" not in anonyme
    Appel.objects.update(titre="Titre changé")
    assert "Titre changé" in client.get(adresse).content.decode()
    assert client.cookies[settings.SESSION_COOKIE_NAME].value


def test_une_page_absente_et_un_refus_ne_se_gardent_pas(garde, adresse, django_assert_num_queries) -> None:
    assert Client().get("/appels/inconnu-0000/").status_code == 404
    brouillon = Appel.objects.publics().get(code=adresse.strip("/").rpartition("/")[2])
    Appel.objects.filter(pk=brouillon.pk).update(etat="brouillon")
    assert Client().get(adresse).status_code == 404
    Appel.objects.filter(pk=brouillon.pk).update(etat=brouillon.etat)
    assert Client().get(adresse).status_code == 200


def test_chaque_adresse_et_chaque_recherche_a_la_sienne(garde) -> None:
    tout = Client().get("/appels/").content
    assert Client().get("/appels/?q=rien-de-tel").content != tout
    assert Client().get("/appels/").content == tout
