"""Les réglages de production : aucun défaut muet; ce qui manque arrête le démarrage en se nommant."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from outillage.chemins import RACINE
from socle.boite import BAIL

COMPLETS = {
    "CLE_SECRETE": "une-cle-assez-longue-et-assez-variee-pour-signer-0123456789",
    "DATABASE_URL": "postgres://u:s@127.0.0.1:1/b",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://u:s@127.0.0.1:1",
    "HOTES": "portail.example",
    "ADRESSE_PUBLIQUE": "https://portail.example",
    "FICHIERS": "/tmp/fichiers",
    "COURRIEL_EXPEDITEUR": "portail@portail.example",
}


def charger(variables: dict[str, str], suite: str = "") -> subprocess.CompletedProcess[str]:
    """Charge `config.settings.prod` dans un processus à part, sans rien d'hérité; `suite` : ce qu'on y lit."""
    herite = {nom: os.environ[nom] for nom in ("PATH", "HOME") if nom in os.environ}
    return subprocess.run(
        [sys.executable, "-c", f"from config.settings.prod import *\n{suite}"],
        cwd=RACINE,
        env={**herite, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("manquant", COMPLETS)
@pytest.mark.parametrize("vide", [True, False])
def test_un_reglage_manquant_ou_vide_se_nomme(manquant: str, vide: bool) -> None:
    variables = {**COMPLETS, manquant: ""} if vide else {n: v for n, v in COMPLETS.items() if n != manquant}
    fait = charger(variables)
    assert fait.returncode != 0
    assert f"Le réglage {manquant} manque : " in fait.stderr
    assert f"Définissez la variable d'environnement {manquant}, puis relancez." in fait.stderr


LECTURE = """
print(DEBUG, DEMONSTRATION, SECURE_SSL_REDIRECT, SECURE_HSTS_SECONDS >= 31536000, SESSION_COOKIE_SECURE,
      CSRF_COOKIE_SECURE, SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, ALLOWED_HOSTS, EMAIL_HOST, EMAIL_BACKEND)
"""


def test_complets_ils_ferment_tout_ce_qui_doit_l_etre() -> None:
    fait = charger(COMPLETS, LECTURE)
    assert fait.stdout.split() == [
        "False",
        "False",
        "True",
        "True",
        "True",
        "True",
        "__Host-session",
        "__Host-jeton",
        "['portail.example']",
        "127.0.0.1",
        "django.core.mail.backends.smtp.EmailBackend",
    ], fait.stderr


def test_check_deploy_ne_trouve_que_la_liste_de_prechargement() -> None:
    """`manage.py check --deploy`, un vrai démarrage. W021 : s'inscrire à cette liste engage le propriétaire du domaine."""
    herite = {n: v for n, v in os.environ.items() if n != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    fait = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"],
        cwd=RACINE,
        env={**herite, **COMPLETS, "DJANGO_SETTINGS_MODULE": "config.settings.prod"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (fait.returncode, re.findall(r"\((\w+\.[EW]\d+)\)", fait.stderr)) == (0, ["security.W021"]), fait.stderr


def test_manage_py_s_arrete_et_nomme_ce_qui_manque() -> None:
    fait = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=RACINE,
        env={**os.environ, **COMPLETS, "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "config.settings.prod"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode != 0
    assert "Le réglage REDIS_URL manque : l'adresse du courtier" in fait.stderr


def test_la_demonstration_exige_sa_cle() -> None:
    fait = subprocess.run(
        [sys.executable, "-c", "import config.settings.demo"],
        cwd=RACINE,
        env={n: v for n, v in os.environ.items() if n != "CLE_SECRETE"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Le réglage CLE_SECRETE manque" in fait.stderr


def test_tous_les_delais_sont_bornes() -> None:
    """Aucun appel au réseau sans fin : base, courtier, courriel, tâche."""
    options = settings.DATABASES["default"]["OPTIONS"]
    for nom in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        assert nom in options["options"]
    assert options["connect_timeout"] <= 10
    assert settings.EMAIL_TIMEOUT <= 30
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] <= 10
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT


def test_un_envoi_se_reprend_apres_la_plus_longue_tache() -> None:
    """Le bail dépasse la limite d'une tâche : on ne reprend jamais une tâche qui tourne encore."""
    assert BAIL.total_seconds() > settings.CELERY_TASK_TIME_LIMIT


def test_le_dossier_des_essais_n_est_pas_celui_de_la_demonstration() -> None:
    assert not Path(settings.MEDIA_ROOT).is_relative_to(RACINE)
