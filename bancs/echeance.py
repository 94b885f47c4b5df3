"""Le soir de l'échéance : 1 000 dépôts avec pièce par 64 clients HTTP, sur les dernières minutes d'un appel.

De vrais Granian (deux travailleurs), PostgreSQL durable, relais et Celery. Pendant la course : deux travailleurs web tués
net, Redis figé puis vidé, PostgreSQL arrêté sans point de reprise puis relancé. Chaque client rejoue comme un navigateur
(même session, mêmes jetons) jusqu'à son accusé. À la fin : rien de perdu, rien en double, aucun trou; puis un envoi après
l'échéance est refusé, et son brouillon reste.
"""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import urlencode
from uuid import uuid4

import pikepdf
import psycopg
import redis as redis_py

from bancs.outils import RACINE, gerer
from outillage.chemins import DONNEES
from outillage.services import Postgres, Redis, port_libre
from tests.outils.serveur import Serveur

NOMBRE, CLIENTS, MINUTES = 1000, 64, 15
PAUSE = 0.3
Reponse = tuple[int, str, str]
NUMERO = re.compile(r"02-2024-1-[A-Z]{2}-\d{4}")
POIDS = 150_000  # octets d'une lettre numérisée


def lettre() -> bytes:
    """Un vrai PDF d'une page, du poids d'une lettre numérisée."""
    tampon = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Banc = document.make_stream(os.urandom(POIDS))
        document.save(tampon)
    return tampon.getvalue()


PDF = lettre()


class Formulaires(HTMLParser):
    """Les formulaires POST d'une page : leurs champs, cases cochées comme le ferait la personne qui atteste."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.trouves: list[dict[str, str]] = []
        self._ouvert = False
        self.feed(page)

    def handle_starttag(self, balise: str, attributs: list[tuple[str, str | None]]) -> None:
        a = dict(attributs)
        if balise == "form":
            self._ouvert = (a.get("method") or "").lower() == "post"
            if self._ouvert:
                self.trouves.append({})
        elif balise == "input" and self._ouvert and a.get("name") and a.get("type") != "file":
            self.trouves[-1][str(a["name"])] = a.get("value") or ("on" if a.get("type") == "checkbox" else "")

    def handle_endtag(self, balise: str) -> None:
        if balise == "form":
            self._ouvert = False

    def avec(self, nom: str) -> dict[str, str]:
        """Le premier formulaire qui a ce champ."""
        return next(champs for champs in self.trouves if nom in champs)


@dataclass
class Mesures:
    """Ce que les clients ont vu; les listes se partagent entre fils."""

    depots: list[float] = field(default_factory=list)  # dernier envoi réussi, en secondes
    parcours: list[float] = field(default_factory=list)  # pièce, relecture, envoi et accusé
    requetes: list[float] = field(default_factory=list)
    rejeux: list[str] = field(default_factory=list)
    accuses: dict[str, str] = field(default_factory=dict)
    fautes: list[str] = field(default_factory=list)


class Navigateur:
    """Une session : une connexion gardée, le témoin de session, le jeton; rejoue ce que le réseau a perdu."""

    def __init__(self, port: int, temoin: str, session: str, mesures: Mesures) -> None:
        self.port, self.mesures = port, mesures
        self.temoins = {temoin: session}
        self.connexion: http.client.HTTPConnection | None = None

    def tenter(self, methode: str, chemin: str, corps: bytes | None = None, genre: str = "") -> Reponse | None:
        """(code, adresse de renvoi, page) d'une requête; rien si le réseau ou le serveur l'a perdue."""
        depart = time.monotonic()
        try:
            reponse = self._une(methode, chemin, corps, genre)
        except (OSError, http.client.HTTPException) as erreur:
            self.fermer()
            self.mesures.rejeux.append(type(erreur).__name__)
            return None
        if reponse[0] >= 500:
            self.mesures.rejeux.append(str(reponse[0]))
            return None
        self.mesures.requetes.append(time.monotonic() - depart)
        return reponse

    def demander(self, methode: str, chemin: str, corps: bytes | None = None, genre: str = "") -> Reponse:
        """La même requête, rejouée jusqu'à sa réponse."""
        while (reponse := self.tenter(methode, chemin, corps, genre)) is None:
            time.sleep(PAUSE)
        return reponse

    def _une(self, methode: str, chemin: str, corps: bytes | None, genre: str) -> Reponse:
        if self.connexion is None:
            self.connexion = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        entetes = {"Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in self.temoins.items())}
        if genre:
            entetes["Content-Type"] = genre
        self.connexion.request(methode, chemin, corps, entetes)
        reponse = self.connexion.getresponse()
        page = reponse.read().decode(errors="replace")
        for pose in reponse.headers.get_all("Set-Cookie", []):
            nom, _egal, reste = pose.partition("=")
            self.temoins[nom] = reste.partition(";")[0]
        return reponse.status, reponse.headers.get("Location", ""), page

    def fermer(self) -> None:
        if self.connexion is not None:
            self.connexion.close()
            self.connexion = None


def multipart(champs: dict[str, str], nom: str) -> tuple[bytes, str]:
    """Le corps d'un envoi de fichier, comme un navigateur l'écrit."""
    borne = uuid4().hex
    parties = [
        f'--{borne}\r\nContent-Disposition: form-data; name="{cle}"\r\n\r\n{valeur}\r\n'.encode()
        for cle, valeur in champs.items()
    ]
    entete = f'--{borne}\r\nContent-Disposition: form-data; name="fichier"; filename="{nom}"\r\nContent-Type: application/pdf\r\n\r\n'
    return b"".join(
        [*parties, entete.encode(), PDF, f"\r\n--{borne}--\r\n".encode()]
    ), f"multipart/form-data; boundary={borne}"


def deposer(navigateur: Navigateur, projet: str, rang: int) -> None:
    """Joindre une lettre, relire, attester, déposer, lire l'accusé."""
    mesures, depart, base = navigateur.mesures, time.monotonic(), f"/projets/{projet}/"
    nom = f"lettre-{rang}.pdf"
    _code, _vers, page = navigateur.demander("GET", f"{base}pieces/")
    while nom not in page:  # une réponse perdue : la personne relit la page, et ne joint que ce qui manque
        corps, genre = multipart(Formulaires(page).avec("exigence"), nom)
        reponse = navigateur.tenter("POST", f"{base}pieces/", corps, genre)
        if reponse is not None and reponse[0] != 302:
            mesures.fautes.append(f"pièce {rang} : {reponse[0]}")
            return
        if reponse is None:
            time.sleep(PAUSE)
        _code, _vers, page = navigateur.demander("GET", f"{base}pieces/")
    _code, _vers, page = navigateur.demander("GET", f"{base}relire/")
    corps = urlencode(Formulaires(page).avec("attestation")).encode()
    envoi = time.monotonic()
    code, vers, page = navigateur.demander("POST", f"{base}relire/", corps, "application/x-www-form-urlencoded")
    if code != 302:
        mesures.fautes.append(f"dépôt {rang} : {code} {re.sub('<[^>]+>', ' ', page)[:300]}")
        return
    mesures.depots.append(time.monotonic() - envoi)
    _code, _vers, page = navigateur.demander("GET", vers)
    trouve = NUMERO.search(page)
    if trouve is None:
        mesures.fautes.append(f"accusé {rang} sans numéro")
        return
    mesures.accuses[projet] = trouve[0]
    mesures.parcours.append(time.monotonic() - depart)


def courir(serveur: Serveur, temoin: str, projets: list[dict[str, str]], pannes: "Pannes") -> tuple[Mesures, float]:
    """64 fils se partagent les dépôts; les pannes tombent à leur part du chemin."""
    mesures, file = Mesures(), SimpleQueue()
    for rang, pret in enumerate(projets):
        file.put((rang, pret))

    def travailler() -> None:
        while True:
            try:
                rang, pret = file.get_nowait()
            except Empty:
                return
            navigateur = Navigateur(serveur.port, temoin, pret["session"], mesures)
            try:
                deposer(navigateur, pret["projet"], rang)
            except Exception as erreur:  # noqa: BLE001 — une faute du client se compte, la course continue
                mesures.fautes.append(f"client {rang} : {erreur!r}")
            finally:
                navigateur.fermer()

    fils = [threading.Thread(target=travailler, daemon=True) for _ in range(CLIENTS)]
    depart = time.monotonic()
    for fil in fils:
        fil.start()
    while any(fil.is_alive() for fil in fils):
        pannes.jouer(len(mesures.accuses) / len(projets))
        time.sleep(0.1)
    duree = time.monotonic() - depart
    pannes.jouer(1)
    return mesures, duree


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


def main() -> None:
    nombre = int(sys.argv[1]) if len(sys.argv) > 1 else NOMBRE
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
        donnees = _preparer(adresse, nombre)
        temoin, (reserve, *projets) = donnees["temoin"], donnees["projets"]
        with Serveur(adresse, redis) as serveur:
            for processus in ("relais", "travailleur"):  # ils vivent ailleurs en production; ici, ils cèdent le passage
                serveur.lancer(processus)
                os.setpriority(os.PRIO_PROCESS, serveur.vifs[processus].pid, 19)
            print(f"{len(projets)} dépôts, {CLIENTS} clients…", flush=True)
            pannes = Pannes(serveur, grappe, redis)
            mesures, duree = courir(serveur, temoin, projets, pannes)
            bilan = verifier(adresse, projets, mesures)
            gerer(adresse, "verifier_integrite")
            bilan["retard_refuse"] = en_retard(serveur, adresse, temoin, reserve)
            serveur.tuer("travailleur")
    finally:
        redis.arreter()
        grappe.arreter()
        shutil.rmtree(grappe.dossier, ignore_errors=True)
        shutil.rmtree(dossier, ignore_errors=True)
    _dire(bilan, mesures, duree, pannes)
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


def _dire(bilan: dict[str, object], mesures: Mesures, duree: float, pannes: Pannes) -> None:
    par_s = round(len(mesures.depots) / duree, 1)
    envoi, parcours, requete = (percentiles(m) for m in (mesures.depots, mesures.parcours, mesures.requetes))
    for faute in mesures.fautes[:10]:
        print(f"  faute : {faute}")
    print(
        f"{len(mesures.depots)} dépôts en {duree:.0f} s, {par_s} par seconde; {len(mesures.requetes) / duree:.0f} requêtes par seconde."
    )
    print(f"Dernier envoi, rejeux exclus : p50 {envoi['p50']} ms, p95 {envoi['p95']} ms, p99 {envoi['p99']} ms.")
    print(f"Une requête : p50 {requete['p50']} ms, p95 {requete['p95']} ms, p99 {requete['p99']} ms.")
    print(
        f"Pièce, relecture, envoi, accusé : p50 {parcours['p50']} ms, p95 {parcours['p95']} ms, p99 {parcours['p99']} ms."
    )
    print(f"Pannes : {', '.join(pannes.faites)}. Requêtes rejouées : {len(mesures.rejeux)}.")
    resultat = {
        **bilan,
        "depots": len(mesures.depots),
        "duree_s": round(duree, 1),
        "depots_par_s": par_s,
        "envoi_ms": envoi,
        "requete_ms": requete,
        "parcours_ms": parcours,
        "rejeux": len(mesures.rejeux),
        "pannes": len(pannes.faites),
        "fautes": len(mesures.fautes),
    }
    print(json.dumps(resultat, ensure_ascii=False))


if __name__ == "__main__":
    main()
