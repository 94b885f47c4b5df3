"""Base clonée par travailleur; services et navigateur réels à la demande."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from psycopg import sql

from outillage import greffon
from outillage.chemins import DONNEES, RACINE
from outillage.services import Redis, port_libre
from tests.outils.navigateur import ouvrir_chromium
from tests.outils.serveur import Serveur

DEMO = "gabarit_demo"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object, gabarit_demo: str) -> Iterator[None]:
    """Clone la démonstration pour ce travailleur; chaque essai s'y défait, jamais de vidage."""
    nom = connection.settings_dict["NAME"]
    greffon.cloner(gabarit_demo, nom)
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()
    greffon.effacer(nom)


def _gerer(adresse: str, *arguments: str) -> None:
    environnement = {**os.environ, "DATABASE_URL": adresse}
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=RACINE, env=environnement, check=True, stdout=subprocess.DEVNULL
    )


def _migrer(adresse: str) -> None:
    _gerer(adresse, "migrate", "--verbosity=0")


@pytest.fixture
def base_clonee() -> Iterator[str]:
    """Une base à part, migrée, pour de vrais fils et processus; rend son adresse."""
    greffon.preparer_gabarit(_migrer)
    nom = f"clone_{uuid4().hex[:12]}"
    yield greffon.cloner(greffon.GABARIT, nom)
    greffon.effacer(nom)


@pytest.fixture(scope="session")
def gabarit_demo() -> str:
    """Le gabarit, démonstration chargée : une fois par état du code, partagé par les travailleurs."""
    greffon.preparer_gabarit(_migrer)
    marque = f"{greffon.sources()} {date.today().isoformat()}"  # ses dates se comptent à partir du jour
    with greffon.administrer() as base:
        base.execute("SELECT pg_advisory_lock(9)")
        trouve = base.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [DEMO]
        ).fetchone()
        if not trouve or trouve[0] != marque:
            adresse = greffon.cloner(greffon.GABARIT, DEMO)
            _gerer(adresse, "charger_demo")
            base.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(DEMO), sql.Literal(marque)))
    return DEMO


@pytest.fixture(scope="module")
def base_demo(gabarit_demo: str) -> Iterator[str]:
    """Une copie de la démonstration, à soi pour le module; rend son adresse."""
    nom = f"demo_{uuid4().hex[:12]}"
    yield greffon.cloner(gabarit_demo, nom)
    greffon.effacer(nom)


@pytest.fixture
def copie_demo(gabarit_demo: str) -> Iterator[str]:
    """Une copie de la démonstration, à soi pour l'essai."""
    nom = f"copie_{uuid4().hex[:12]}"
    yield greffon.cloner(gabarit_demo, nom)
    greffon.effacer(nom)


@pytest.fixture(scope="module")
def redis_dedie() -> Iterator[Redis]:
    """Un serveur Redis à soi, qu'on peut arrêter ou figer."""
    dossier = DONNEES / "essais"
    dossier.mkdir(parents=True, exist_ok=True)
    redis = Redis(Path(tempfile.mkdtemp(prefix="redis-", dir=dossier)), port_libre())
    redis.demarrer()
    yield redis
    redis.arreter()


@pytest.fixture(scope="module")
def serveur(base_demo: str, redis_dedie: Redis) -> Iterator[Serveur]:
    """Le portail servi par de vrais processus, sur la démonstration."""
    with Serveur(base_demo, redis_dedie) as debout:
        yield debout


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Un Chromium pour la suite."""
    with ouvrir_chromium() as navigateur:
        yield navigateur
