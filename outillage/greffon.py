"""Greffon pytest : services éphémères, base gabarit migrée une fois, une base clonée par travailleur (décision 20).

Chargé par `-p`, avant que les réglages de Django soient lus.
"""

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from outillage.chemins import DONNEES, RACINE, empreinte
from outillage.services import Postgres, Redis, port_libre

GABARIT = "gabarit"
_ouverts: list[object] = []


def vers(adresse: str, base: str) -> str:
    """La même adresse, une autre base."""
    return urlunsplit(urlsplit(adresse)._replace(path=f"/{base}"))


def _demarrer_services() -> None:
    """Dans le seul processus maître : les travailleurs héritent des adresses."""
    if "ESSAIS_POSTGRES" in os.environ:
        return
    dossier = DONNEES / "essais"
    dossier.mkdir(parents=True, exist_ok=True)
    if os.environ.get("DATABASE_URL"):
        os.environ["ESSAIS_POSTGRES"] = os.environ["DATABASE_URL"]
    else:
        postgres = Postgres(dossier / "postgres", port_libre(), essais=True)
        os.environ["ESSAIS_POSTGRES"] = postgres.demarrer()
        _ouverts.append(postgres)
    if not os.environ.get("REDIS_URL"):
        redis = Redis(Path(tempfile.mkdtemp(prefix="redis-", dir=dossier)), port_libre())
        os.environ["REDIS_URL"] = redis.demarrer()
        _ouverts.append(redis)
    atexit.register(_arreter_services)


def _arreter_services() -> None:
    while _ouverts:
        service = _ouverts.pop()
        service.arreter()  # type: ignore[attr-defined]
        if isinstance(service, Redis):
            shutil.rmtree(service.dossier, ignore_errors=True)


def _migrations() -> str:
    fichiers = sorted(
        f
        for app in ("socle", "comptes", "alliances", "appels", "projets", "comite", "reddition")
        for f in (RACINE / app).rglob("*")
        if f.suffix in {".py", ".csv"}
        and ("migrations" in f.parts or "referentiel" in f.parts or f.name == "migration_sql.py")
    )
    return empreinte(*fichiers, RACINE / "exigences" / "essais.txt")


def sources() -> str:
    """Empreinte de tout ce que la démonstration exécute : elle se recharge quand le code change."""
    apps = (
        "config",
        "socle",
        "comptes",
        "alliances",
        "appels",
        "projets",
        "comite",
        "reddition",
        "portail",
        "templates",
    )
    return empreinte(
        *sorted(f for app in apps for f in (RACINE / app).rglob("*") if f.suffix in {".py", ".csv", ".txt"})
    )


@contextlib.contextmanager
def administrer() -> Iterator[psycopg.Connection]:
    with psycopg.connect(vers(os.environ["ESSAIS_POSTGRES"], "postgres"), autocommit=True) as base:
        yield base


def cloner(source: str, cible: str) -> str:
    """Copie une base; rend l'adresse de la copie."""
    with administrer() as base:
        base.execute("SELECT pg_advisory_lock(7)")  # deux copies du même gabarit se gêneraient
        base.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(cible)))
        base.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(cible), sql.Identifier(source)
            )
        )
    return vers(os.environ["ESSAIS_POSTGRES"], cible)


def effacer(nom: str) -> None:
    with administrer() as base:
        base.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(nom)))


def preparer_gabarit(migrer) -> None:
    """Migre le gabarit, une fois par jeu de migrations; les autres travailleurs attendent."""
    attendu = _migrations()
    with administrer() as base:
        base.execute("SELECT pg_advisory_lock(8)")
        trouve = base.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [GABARIT]
        ).fetchone()
        if trouve and trouve[0] == attendu:
            return
        base.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(GABARIT)))
        base.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(GABARIT)))
        migrer(vers(os.environ["ESSAIS_POSTGRES"], GABARIT))
        base.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(GABARIT), sql.Literal(attendu)))


def _ouvrir() -> None:
    """À l'import, donc avant que pytest-django lise les réglages : une base à soi par travailleur."""
    _demarrer_services()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.essais")
    os.environ["DATABASE_URL"] = vers(
        os.environ["ESSAIS_POSTGRES"], f"essai_{os.environ.get('PYTEST_XDIST_WORKER', 'seul')}"
    )
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright synchrone tient une boucle ouverte dans le fil des essais
    )


_ouvrir()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _arreter_services()
