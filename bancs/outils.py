"""Ce que les bancs partagent : une base à part, une mesure de CPU."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

RACINE = Path(__file__).resolve().parent.parent


def vers(adresse: str, base: str) -> str:
    return urlunsplit(urlsplit(adresse)._replace(path=f"/{base}"))


def gerer(adresse: str, *arguments: str) -> None:
    environnement = {**os.environ, "DATABASE_URL": adresse}
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=RACINE, env=environnement, check=True, stdout=subprocess.DEVNULL
    )


@contextmanager
def base_neuve(demonstration: bool = True) -> Iterator[str]:
    """Une base à part, migrée, démonstration chargée; effacée à la fin."""
    nom, adresse = f"banc_{uuid4().hex[:8]}", os.environ["DATABASE_URL"]
    with psycopg.connect(adresse, autocommit=True) as base:
        base.execute(f"CREATE DATABASE {nom}")
    try:
        gerer(vers(adresse, nom), "migrate", "--verbosity=0")
        if demonstration:
            gerer(vers(adresse, nom), "charger_demo")
        yield vers(adresse, nom)
    finally:
        with psycopg.connect(adresse, autocommit=True) as base:
            base.execute(f"DROP DATABASE {nom} WITH (FORCE)")


def cpu_ms(geste: Callable[[], object], fois: int = 15) -> float:
    """Médiane du CPU du processus, en millisecondes."""
    mesures = []
    for _ in range(fois):
        depart = time.process_time()
        geste()
        mesures.append((time.process_time() - depart) * 1000)
    return sorted(mesures)[len(mesures) // 2]
