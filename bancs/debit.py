"""Débit en lecture : 16 clients, deux travailleurs web, 10 000 demandes; la page d'un appel et la liste de travail.

Limite : `/sante`, la même chaîne de serveur et d'intergiciels sans page à rendre.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from bancs.outils import RACINE, base_neuve, gerer
from outillage.chemins import DONNEES
from outillage.services import Redis, port_libre
from tests.outils.serveur import Serveur

CLIENTS, SECONDES = 16, 20
BUDGETS = {"page d’un appel": 250, "liste de travail": 20}
OUVRIR = """
import django; django.setup()
from django.conf import settings
from django.test import Client
from comptes.models import Utilisateur
client = Client()
client.force_login(
    Utilisateur.objects.get(email="coordination@demo.example"), backend="comptes.connexion.ConnexionCourriel"
)
print(settings.SESSION_COOKIE_NAME + "=" + client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


def debit(port: int, chemin: str, temoin: str = "") -> float:
    """Réponses 200 par seconde; lève si une réponse n'en est pas une."""
    fin, comptes, autres = time.monotonic() + SECONDES, [0] * CLIENTS, []

    def lire(rang: int) -> None:
        connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < fin:
            connexion.request("GET", chemin, headers={"Cookie": temoin} if temoin else {})
            reponse = connexion.getresponse()
            reponse.read()
            if reponse.status != 200:
                autres.append(reponse.status)
            comptes[rang] += 1
        connexion.close()

    fils = [threading.Thread(target=lire, args=(rang,)) for rang in range(CLIENTS)]
    depart = time.monotonic()
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    if autres:
        raise RuntimeError(f"{chemin} : {len(autres)} réponses {sorted(set(autres))}")
    return round(sum(comptes) / (time.monotonic() - depart), 1)


def main() -> None:
    (DONNEES / "essais").mkdir(parents=True, exist_ok=True)
    os.environ["PAGES_GARDEES"] = "1"
    redis = Redis(DONNEES / "essais" / "redis-debit", port_libre())
    redis.demarrer()
    try:
        with base_neuve() as adresse:
            gerer(adresse, "charger_volume", "--projets", "10000")
            with Serveur(adresse, redis) as serveur:
                temoin = subprocess.run(
                    [sys.executable, "-c", OUVRIR],
                    cwd=RACINE,
                    env={**serveur.environnement, "PYTHONPATH": str(Path(RACINE))},
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout.strip()
                mesures = {
                    "page d’un appel": debit(serveur.port, "/appels/02-2024-1/"),
                    "liste de travail": debit(serveur.port, "/admin/projets/projet/", temoin),
                }
                limite = debit(serveur.port, "/sante")
    finally:
        redis.arreter()
    for nom, par_s in mesures.items():
        print(f"{nom:<20} {par_s:>7} par seconde (≥ {BUDGETS[nom]}); {par_s / limite:.2f} × /sante")
    print(json.dumps({"par_s": mesures, "sante_par_s": limite, "clients": CLIENTS}, ensure_ascii=False))
    sys.exit(0 if all(par_s >= BUDGETS[nom] for nom, par_s in mesures.items()) else 1)


if __name__ == "__main__":
    main()
