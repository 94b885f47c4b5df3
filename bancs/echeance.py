"""Le soir de l'échéance : 1 000 dépôts avec pièce par 64 clients HTTP, sur les dernières minutes d'un appel.

Options : `--depots N`, `--clients N`, `--sans-panne`, `--redis-mort`, `--dernier-envoi` (pièces jointes et relecture faites
d'avance : seul l'envoi se mesure). Le CPU de la course se dit par processus : clients et serveur partagent la machine.

De vrais Granian (deux travailleurs), PostgreSQL durable, relais et Celery. Pendant la course : deux travailleurs web tués
net, Redis figé puis vidé, PostgreSQL arrêté sans point de reprise puis relancé. Chaque client rejoue comme un navigateur
(même session, mêmes jetons) jusqu'à son accusé. À la fin : rien de perdu, rien en double, aucun trou; puis un envoi après
l'échéance est refusé, et son brouillon reste.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import redis as redis_py

from bancs.echeance_clients import (
    Formulaires,
    Mesures,
    Navigateur,
    Terrain,
    deposer,
)
from bancs.outils import RACINE, gerer
from outillage.chemins import DONNEES
from outillage.services import Postgres, Redis, port_libre
from outillage.superviseur import ceder_le_passage
from tests.outils.serveur import Serveur

NOMBRE, CLIENTS, MINUTES = 1000, 64, 60


class Pannes:
    """Ce qui casse, et à quelle part des accusés."""

    def __init__(self, serveur: Serveur, grappe: Postgres, redis: Redis) -> None:
        self.serveur, self.grappe, self.redis = serveur, grappe, redis
        self.faites: list[str] = []
        self.prevues: list[tuple[float, str, Callable[[], None]]] = [
            (0.10, "travailleur web tué net", self._tuer_un_travailleur),
            (0.25, "Redis figé", redis.figer),
            (0.40, "Redis réveillé et vidé", self._vider_redis),
            (0.55, "PostgreSQL arrêté net et relancé", self._relancer_postgres),
            (0.75, "travailleur web tué net", self._tuer_un_travailleur),
        ]

    def jouer(self, part: float) -> None:
        while self.prevues and part >= self.prevues[0][0]:
            _seuil, nom, geste = self.prevues.pop(0)
            geste()
            self.faites.append(nom)
            print(f"  {part:4.0%} : {nom}", flush=True)

    def _tuer_un_travailleur(self) -> None:
        maitre = self.serveur.vifs["web"].pid
        enfants = [int(pid) for pid in Path(f"/proc/{maitre}/task/{maitre}/children").read_text().split()]
        travailleurs = [pid for pid in enfants if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        os.kill((travailleurs or enfants)[-1], signal.SIGKILL)

    def _vider_redis(self) -> None:
        self.redis.reveiller()
        client = redis_py.Redis.from_url(self.redis.adresse, socket_timeout=5)
        client.flushall()
        client.close()

    def _relancer_postgres(self) -> None:
        """Arrêt immédiat : la base repart de son journal, comme après une panne de courant."""
        self.grappe.processus.send_signal(signal.SIGQUIT)
        self.grappe.processus.wait(20)
        self.grappe.demarrer()


def percentiles(mesures: list[float]) -> dict[str, float]:
    """p50, p95 et p99, en millisecondes."""
    tries = sorted(mesures) or [0.0]
    return {f"p{p}": round(tries[min(len(tries) - 1, len(tries) * p // 100)] * 1000) for p in (50, 95, 99)}


def verifier(adresse: str, projets: list[dict[str, str]], mesures: Mesures) -> dict[str, object]:
    """Ce que la base dit, à côté de ce que les clients ont reçu."""
    cles = [pret["projet"] for pret in projets]
    with psycopg.connect(adresse) as base:
        ranges = dict(
            base.execute(
                "SELECT uuid::text, numero FROM projets_projet WHERE uuid = ANY(%s::uuid[]) AND numero IS NOT NULL",
                [cles],
            ).fetchall()
        )
        depots = base.execute(
            "SELECT count(*) - count(DISTINCT projet_id) FROM projets_depot d JOIN projets_projet p ON p.id = d.projet_id"
            " WHERE p.uuid = ANY(%s::uuid[])",
            [cles],
        ).fetchone()[0]
        pieces = base.execute(
            "SELECT count(*), count(DISTINCT projet_id) FROM projets_piecejointe j JOIN projets_projet p ON p.id = j.projet_id"
            " WHERE p.uuid = ANY(%s::uuid[])",
            [cles],
        ).fetchone()
        dernier, donnes, plus_haut = base.execute(
            "SELECT a.dernier_numero, count(p.numero), max(right(p.numero, 4)::int) FROM appels_appel a"
            " JOIN projets_projet p ON p.appel_id = a.id WHERE a.code = '02-2024-1' GROUP BY a.id"
        ).fetchone()
        accuses = base.execute(
            "SELECT count(*) - count(DISTINCT objet_id) FROM socle_courriel WHERE genre = 'projets/accuse'"
        ).fetchone()[0]
    numeros = list(mesures.accuses.values())
    return {
        "perdus": len(projets) - sum(ranges.get(cle) == numero for cle, numero in mesures.accuses.items()),
        "doubles": depots + (len(numeros) - len(set(numeros))) + (pieces[0] - pieces[1]) + accuses,
        "trous": max(dernier, plus_haut) - donnes,
        "pieces": pieces[0],
    }


def en_retard(serveur: Serveur, adresse: str, temoin: str, pret: dict[str, str]) -> bool:
    """Une seconde trop tard : refusé en mots, le brouillon reste et se lit."""
    mesures = Mesures()
    navigateur = Navigateur(serveur.port, temoin, pret["session"], mesures)
    base = f"/projets/{pret['projet']}/"
    _code, _vers, page = navigateur.demander("GET", f"{base}relire/")
    corps = urlencode(Formulaires(page).avec("attestation")).encode()
    with psycopg.connect(adresse, autocommit=True) as connexion:
        connexion.execute("UPDATE appels_appel SET fermeture = now() - interval '1 second' WHERE code = '02-2024-1'")
    code, _vers, page = navigateur.demander("POST", f"{base}relire/", corps, "application/x-www-form-urlencoded")
    relu = navigateur.demander("GET", base)
    navigateur.fermer()
    return code == 200 and "L’appel a fermé" in page and relu[0] == 200 and "Brouillon" in relu[2]


def choisir() -> argparse.Namespace:
    lecteur = argparse.ArgumentParser(description="Le soir de l'échéance")
    lecteur.add_argument("--depots", type=int, default=NOMBRE)
    lecteur.add_argument("--clients", type=int, default=CLIENTS)
    lecteur.add_argument("--sans-panne", action="store_true")
    lecteur.add_argument("--dernier-envoi", action="store_true", help="tout est joint et relu d'avance : l'envoi seul")
    lecteur.add_argument("--redis-mort", action="store_true", help="la seule panne : Redis figé avant le premier envoi")
    return lecteur.parse_args()


def main() -> None:
    choix = choisir()
    dossier = DONNEES / "banc-echeance"
    shutil.rmtree(dossier, ignore_errors=True)
    (DONNEES / "essais").mkdir(parents=True, exist_ok=True)
    grappe, redis = Postgres(dossier, port_libre()), Redis(dossier / "redis", port_libre())
    adresse = grappe.demarrer()
    redis.demarrer()
    try:
        print("Préparation…", flush=True)
        gerer(adresse, "migrate", "--verbosity=0")
        gerer(adresse, "charger_demo")
        donnees = _preparer(adresse, choix.depots)
        temoin, (reserve, *projets) = donnees["temoin"], donnees["projets"]
        with Serveur(adresse, redis) as serveur:
            for processus in ("relais", "travailleur"):  # ils vivent ailleurs en production; ici, ils cèdent le passage
                serveur.lancer(processus)
                ceder_le_passage(serveur.vifs[processus].pid)
            pannes = Pannes(serveur, grappe, redis)
            if choix.sans_panne or choix.redis_mort:
                pannes.prevues = [(0, "Redis figé", redis.figer)] if choix.redis_mort else []
            racines = {
                "clients": os.getpid(),
                "base": grappe.processus.pid,
                "redis": redis.processus.pid,
                **{nom: processus.pid for nom, processus in serveur.vifs.items()},
            }
            terrain = Terrain(serveur.port, temoin, projets, racines)
            course = terrain.courir_le_dernier_envoi if choix.dernier_envoi else partial(terrain.courir, deposer)
            mesures = course(choix.clients, pannes.jouer)
            bilan = verifier(adresse, projets, mesures)
            gerer(adresse, "verifier_integrite")
            bilan["retard_refuse"] = en_retard(serveur, adresse, temoin, reserve)
            serveur.tuer("travailleur")
    finally:
        redis.arreter()
        grappe.arreter()
        shutil.rmtree(grappe.dossier, ignore_errors=True)
        shutil.rmtree(dossier, ignore_errors=True)
    _dire(bilan, mesures, pannes.faites)
    sys.exit(0 if not (bilan["perdus"] or bilan["doubles"] or bilan["trous"]) and bilan["retard_refuse"] else 1)


def _preparer(adresse: str, nombre: int) -> dict[str, object]:
    fichier = DONNEES / "essais" / f"echeance-{uuid4().hex}.json"
    environnement = {
        **os.environ,
        "DATABASE_URL": adresse,
        "DJANGO_SETTINGS_MODULE": "config.settings.essais_servis",
        "FICHIERS": str(fichier.parent),
        "DONNEES_BATTEMENT": str(fichier.parent),
        "PYTHONPATH": str(RACINE),
    }
    subprocess.run(
        [sys.executable, "bancs/echeance_donnees.py", str(nombre + 1), str(MINUTES), str(fichier)],
        cwd=RACINE,
        env=environnement,
        check=True,
    )
    donnees = json.loads(fichier.read_text())
    fichier.unlink()
    return donnees


def _dire(bilan: dict[str, object], mesures: Mesures, pannes: list[str]) -> None:
    par_s = round(len(mesures.depots) / mesures.duree, 1)
    envoi, parcours, requete = (percentiles(m) for m in (mesures.depots, mesures.parcours, mesures.requetes))
    for faute in mesures.fautes[:10]:
        print(f"  faute : {faute}")
    print(
        f"{len(mesures.depots)} dépôts en {mesures.duree:.0f} s, {par_s} par seconde; {len(mesures.requetes) / mesures.duree:.0f} requêtes par seconde."
    )
    print(f"Dernier envoi, rejeux exclus : p50 {envoi['p50']} ms, p95 {envoi['p95']} ms, p99 {envoi['p99']} ms.")
    print(f"Une requête : p50 {requete['p50']} ms, p95 {requete['p95']} ms, p99 {requete['p99']} ms.")
    print(
        f"Pièce, relecture, envoi, accusé : p50 {parcours['p50']} ms, p95 {parcours['p95']} ms, p99 {parcours['p99']} ms."
    )
    print(f"Pannes : {', '.join(pannes) or 'aucune'}. Requêtes rejouées : {len(mesures.rejeux)}.")
    print("CPU de la course : " + ", ".join(f"{nom} {secondes} s" for nom, secondes in mesures.cpu.items()) + ".")
    resultat = {
        **bilan,
        "depots": len(mesures.depots),
        "duree_s": round(mesures.duree, 1),
        "depots_par_s": par_s,
        "envoi_ms": envoi,
        "requete_ms": requete,
        "parcours_ms": parcours,
        "rejeux": len(mesures.rejeux),
        "pannes": len(pannes),
        "cpu_s": mesures.cpu,
        "fautes": len(mesures.fautes),
    }
    print(json.dumps(resultat, ensure_ascii=False))


if __name__ == "__main__":
    main()
