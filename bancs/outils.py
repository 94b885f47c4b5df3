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


def cpu_s(racines: dict[str, int]) -> dict[str, float]:
    """Secondes de CPU prises jusqu'ici par chaque processus nommé et ses descendants, moissonnés compris."""
    vus: dict[int, tuple[int, int]] = {}
    for chemin in Path("/proc").glob("[0-9]*/stat"):
        try:
            champs = chemin.read_text().rpartition(")")[2].split()
        except OSError:  # fini entre la liste et la lecture
            continue
        vus[int(chemin.parent.name)] = (int(champs[1]), sum(map(int, champs[11:15])))
    noms, totaux = {pid: nom for nom, pid in racines.items()}, dict.fromkeys(racines, 0)
    for pid, (_parent, tics) in vus.items():
        ancetre = pid
        while ancetre and ancetre not in noms:
            ancetre = vus.get(ancetre, (0, 0))[0]
        if ancetre:
            totaux[noms[ancetre]] += tics
    return {nom: tics / os.sysconf("SC_CLK_TCK") for nom, tics in totaux.items()}
