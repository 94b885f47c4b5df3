"""Seconde étape : les commandes de bin/, avec le Python du projet."""

import os
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

from outillage import catalogues, systeme
from outillage.chemins import DONNEES, RACINE
from outillage.etat import Etat
from outillage.interface import node_et_npm
from outillage.messages import arreter, dire
from outillage.services import port_libre
from outillage.session import gerer, preparer_base, services
from outillage.superviseur import Superviseur, processus_du_portail

PORT, PORT_MAX = 8000, 65_535


def demo(arguments: list[str]) -> int:
    """Prépare tout et sert; `--preparer` s'arrête avant de servir."""
    if Etat.lire().vivant:
        arreter(
            f"La démonstration tourne déjà dans {DONNEES} ({Etat.lire().portail}). Arrêtez-la d’abord, ou donnez un autre DONNEES."
        )
    with services() as (environnement, etat):
        port = port_demande()
        etat.portail = os.environ.get("ADRESSE_PUBLIQUE") or f"http://127.0.0.1:{port}"
        environnement["ADRESSE_PUBLIQUE"] = etat.portail
        etat.ecrire()
        preparer_base(environnement)
        if "--preparer" in arguments:
            dire("Tout est prêt. bin/demo sert le portail.")
            return 0
        superviseur = Superviseur(processus_du_portail(port), environnement)
        superviseur.demarrer()
        try:
            _attendre(port, superviseur)
            dire(f"\nLe portail est ouvert : {etat.portail}\n")
            gerer(environnement, "comptes_demo")
            dire("\nCtrl+C arrête tout.")
            superviseur.veiller()
        finally:
            dire("Arrêt…")
            superviseur.arreter()
    return 0


def port_demande() -> int:
    """Le port demandé, s'il est libre; sans demande, 8000 ou le premier libre."""
    demande = os.environ.get("PORT", "")
    if not demande:
        return port_libre(PORT)
    if not demande.isdigit() or not 0 < int(demande) <= PORT_MAX:
        arreter(f"PORT vaut « {demande} » : écrivez un nombre de 1 à {PORT_MAX}.")
    if port_libre(int(demande)) != int(demande):
        arreter(f"Le port {demande} est déjà pris. Arrêtez ce qui l’occupe, ou donnez un autre PORT.")
    return int(demande)


def _attendre(port: int, superviseur: Superviseur) -> None:
    limite = time.monotonic() + 40
    while time.monotonic() < limite:
        try:
            with urlopen(f"http://127.0.0.1:{port}/sante", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    superviseur.arreter()
    arreter(f"Le serveur web n’a pas répondu sur le port {port}. Son journal : {DONNEES / 'journaux' / 'web.log'}")


def gerer_commande(arguments: list[str]) -> int:
    with services() as (environnement, _etat):
        return gerer(environnement, *arguments)


def banc(arguments: list[str]) -> int:
    """Un script de bancs/, services debout."""
    nom, *suite = arguments or [""]
    script = RACINE / "bancs" / f"{nom}.py"
    if not script.is_file():
        arreter("Bancs : " + ", ".join(sorted(p.stem for p in (RACINE / "bancs").glob("[a-z]*.py"))))
    with services() as (environnement, _etat):
        chemin = {**environnement, "PYTHONPATH": str(RACINE)}
        return subprocess.run([sys.executable, str(script), *suite], cwd=RACINE, env=chemin, check=False).returncode


def essais(arguments: list[str]) -> int:
    """pytest, en parallèle; sans Chromium, les essais de navigateur sont écartés et c'est dit."""
    options = ["-p", "outillage.greffon"]
    if not any(mot.startswith("-n") for mot in arguments):
        options += ["-n", str(min(4, os.cpu_count() or 2)), "--dist", "worksteal"]
    avis = ""
    if systeme.chromium() is None and not any(mot == "-m" for mot in arguments):
        options += ["-m", "not navigateur"]
        avis = f"Essais de navigateur écartés : Chromium manque. En root : {systeme.INSTALLER_CHROMIUM}"
    environnement = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.essais",
        "DONNEES": str(DONNEES),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PLAYWRIGHT_NODEJS_PATH": str(
            node_et_npm()[0]
        ),  # celui de Playwright demande libatomic, absent d'une Debian nue
    }
    code = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *arguments], cwd=RACINE, env=environnement, check=False
    ).returncode
    if avis:
        dire(avis)
    return code


COMMANDES = {"demo": demo, "gerer": gerer_commande, "banc": banc, "test": essais}


if __name__ == "__main__":
    catalogues.compiler()
    sys.exit(COMMANDES[sys.argv[1]](sys.argv[2:]))
