"""Une session de travail : services prêts, environnement Django posé, base à jour."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from outillage.chemins import DONNEES, RACINE
from outillage.etat import Etat
from outillage.messages import dire
from outillage.services import Postgres, Redis, port_libre


def cle_secrete() -> str:
    """La clé de signature, tirée une fois et gardée."""
    if os.environ.get("CLE_SECRETE"):
        return os.environ["CLE_SECRETE"]
    fichier = DONNEES / "cle_secrete"
    if not fichier.exists():
        fichier.touch(mode=0o600)
        fichier.write_text(secrets.token_urlsafe(48))
    return fichier.read_text()


@contextmanager
def services() -> Iterator[tuple[dict[str, str], Etat]]:
    """Rend l'environnement Django et l'état. Reprend les services déjà debout; sinon démarre puis arrête les siens."""
    etat, postgres, redis = Etat.lire(), None, None
    partages = etat.vivant
    if not partages:
        etat = Etat(maitre=os.getpid(), port_pg=etat.port_pg, port_redis=etat.port_redis)
        etat.base, etat.redis = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    try:
        if not etat.base:
            etat.port_pg = port_libre(etat.port_pg or None)
            postgres = Postgres(DONNEES / "postgres", etat.port_pg)
            etat.base = postgres.demarrer()
        if not etat.redis:
            etat.port_redis = port_libre(etat.port_redis or None)
            redis = Redis(DONNEES / "redis", etat.port_redis)
            etat.redis = redis.demarrer()
        if not partages:
            etat.ecrire()
        yield _environnement(etat), etat
    finally:
        if not partages:
            Etat(port_pg=etat.port_pg, port_redis=etat.port_redis).ecrire()
        for service in (redis, postgres):
            if service is not None:
                service.arreter()


def _environnement(etat: Etat) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": os.environ.get("DATABASE_URL") or etat.base,
        "REDIS_URL": os.environ.get("REDIS_URL") or etat.redis,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.demo"),
        "DONNEES": str(DONNEES),
        "CLE_SECRETE": cle_secrete(),
        "ADRESSE_PUBLIQUE": os.environ.get("ADRESSE_PUBLIQUE") or etat.portail or "http://127.0.0.1:8000",
    }


def gerer(environnement: dict[str, str], *arguments: str, muet: bool = False) -> int:
    """manage.py dans cet environnement; rend son code de sortie."""
    sortie = subprocess.DEVNULL if muet else None
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=RACINE, env=environnement, stdout=sortie, check=False
    ).returncode


def preparer_base(environnement: dict[str, str]) -> None:
    """Migrations, démonstration, fichiers statiques."""
    for but, arguments in (
        ("Migrations…", ["migrate", "--verbosity=0"]),
        ("Démonstration…", ["charger_demo"]),
        ("Appel de 69 demandes…", ["charger_capitale"]),
        ("Dépôt de minuit…", ["depot_de_minuit"]),
        ("Fichiers statiques…", ["collectstatic", "--noinput", "--verbosity=0"]),
    ):
        dire(but)
        if code := gerer(environnement, *arguments, muet=True):
            sys.exit(code)
