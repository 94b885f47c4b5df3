"""/sante dit « vivant »; /pret dit ce qui dégrade et ce qui arrête."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from outillage.services import Redis, port_libre
from portail import sante
from socle import battements
from socle.boite import Demande, mettre_en_file
from socle.horloge import maintenant
from socle.models import Battement, Envoi

pytestmark = pytest.mark.django_db


@pytest.fixture
def tout_va(redis_dedie: Redis, settings: Settings) -> None:
    """Redis répond, le relais et le battement viennent de battre, la boîte est vide."""
    settings.CELERY_BROKER_URL = redis_dedie.adresse
    Envoi.objects.all().delete()
    for processus in ("relais", "battement"):
        battements.noter(processus)


def pret() -> tuple[int, dict]:
    reponse = Client().get("/pret")
    return reponse.status_code, reponse.json()


def test_vivant_sans_toucher_la_base(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        reponse = Client().get("/sante")
    assert (reponse.status_code, reponse.json()) == (200, {"etat": "vivant"})
    assert "no-store" in reponse["Cache-Control"]


def test_pret_quand_tout_va(tout_va: None) -> None:
    code, etat = pret()
    assert (code, etat["etat"], etat["base"], etat["redis"], etat["boite_age"]) == (200, "pret", True, True, None)


def test_redis_absent_degrade_sans_arreter(tout_va: None, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port_libre()}/0"
    code, etat = pret()
    assert (code, etat["etat"], etat["redis"]) == (200, "degrade", False)


def test_redis_fige_ne_fige_pas_la_page(tout_va: None, redis_dedie: Redis) -> None:
    redis_dedie.figer()
    try:
        debut = maintenant()
        code, etat = pret()
    finally:
        redis_dedie.reveiller()
    assert (code, etat["etat"]) == (200, "degrade")
    assert maintenant() - debut < timedelta(seconds=2)


@pytest.mark.parametrize("processus", ["relais", "battement"])
@pytest.mark.parametrize("silence", [timedelta(minutes=6), None])
def test_un_processus_silencieux_degrade(tout_va: None, processus: str, silence: timedelta | None) -> None:
    if silence:
        Battement.objects.filter(pk=processus).update(instant=maintenant() - silence)
    else:
        Battement.objects.filter(pk=processus).delete()
    code, etat = pret()
    assert (code, etat["etat"]) == (200, "degrade")
    assert etat[f"{processus}_age"] == (360 if silence else None)


@pytest.mark.parametrize(("age", "attendu"), [(timedelta(minutes=16), "degrade"), (timedelta(minutes=14), "pret")])
def test_une_boite_qui_ne_se_vide_pas_degrade(tout_va: None, age: timedelta, attendu: str) -> None:
    mettre_en_file(Demande("socle.essai", {}), instant=maintenant() - age)
    assert pret()[1]["etat"] == attendu


def test_un_disque_plein_arrete(tout_va: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sante, "DISQUE_MIN", 1 << 62)
    code, etat = pret()
    assert (code, etat["etat"]) == (503, "arrete")


def test_la_base_coupee_repond_503_en_clair() -> None:
    """Une vraie coupure : la connexion de l'essai est fermée par le serveur."""
    with connection.cursor() as curseur, pytest.raises(Exception, match=r"terminating|closed"):
        curseur.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    reponse = Client().get("/pret")
    assert (reponse.status_code, reponse.json()) == (503, {"etat": "arrete", "base": False})


def test_la_page_d_etat_dit_la_meme_chose_en_mots(tout_va: None) -> None:
    reponse = Client().get("/etat/")
    assert reponse.status_code == 200
    assert 'lang="fr' in reponse.content.decode()
