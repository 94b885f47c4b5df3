"""Ce que le système doit fournir : Pango (WeasyPrint) et, pour les essais de navigateur, Chromium."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from outillage.chemins import DONNEES
from outillage.messages import arreter, dire, executer

BIBLIOTHEQUES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PAQUETS = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
AJOUTS = DONNEES / "systeme"
INSTALLER_CHROMIUM = "apt-get install -y --no-install-recommends chromium"


def _charge(environnement: dict[str, str]) -> bool:
    """Les bibliothèques se chargent-elles vraiment, dans un processus neuf?"""
    essai = "import ctypes,sys\nfor nom in sys.argv[1:]: ctypes.CDLL(nom)"
    fait = subprocess.run(
        [sys.executable, "-c", essai, *BIBLIOTHEQUES],
        env={**os.environ, **environnement},
        capture_output=True,
        check=False,
    )
    return fait.returncode == 0


def preparer_pango() -> dict[str, str]:
    """Rend les variables d'environnement à ajouter. Installe Pango en root, sinon le déplie dans le dossier de données."""
    if _charge({}):
        return {}
    locales = _variables()
    if AJOUTS.is_dir() and _charge(locales):
        return locales
    if not shutil.which("apt-get"):
        arreter(f"Il manque Pango. Installez : {', '.join(PAQUETS)} (ou l’équivalent de votre système).")
    if os.geteuid() == 0:
        dire("Installation de Pango…")
        executer(["apt-get", "update", "-qq"], "Mise à jour des listes de paquets")
        executer(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PAQUETS], "Installation de Pango")
        return {} if _charge({}) else arreter("Pango est installé mais ne se charge pas.")
    _deplier()
    locales = _variables()
    if not _charge(locales):
        arreter(f"Pango ne se charge pas. En root : apt-get install -y {' '.join(PAQUETS)}")
    return locales


def _variables() -> dict[str, str]:
    dossiers = sorted({str(p.parent) for p in AJOUTS.rglob("*.so*")}) if AJOUTS.is_dir() else []
    if not dossiers:
        return {}
    chemin = os.pathsep.join([*dossiers, *filter(None, [os.environ.get("LD_LIBRARY_PATH")])])
    return {
        "LD_LIBRARY_PATH": chemin,
        "FONTCONFIG_PATH": str(AJOUTS / "etc/fonts"),
        "FONTCONFIG_FILE": str(AJOUTS / "etc/fonts/fonts.conf"),
    }


def _deplier() -> None:
    """Télécharge et déplie Pango et ce dont il dépend, sans droit particulier."""
    dire("Pango sans root : téléchargement dans le dossier de données…")
    depot, listes = DONNEES / "paquets", DONNEES / "apt"
    for dossier in (depot, listes / "lists/partial", listes / "cache/archives/partial", AJOUTS):
        dossier.mkdir(parents=True, exist_ok=True)
    options = [
        "-o",
        f"Dir::State::lists={listes / 'lists'}",
        "-o",
        f"Dir::Cache={listes / 'cache'}",
        "-o",
        "APT::Sandbox::User=",
        "-o",
        "Debug::NoLocking=1",
    ]
    executer(["apt-get", *options, "update", "-qq"], "Lecture des listes de paquets")
    fait = subprocess.run(
        ["apt-get", *options, "--simulate", "--no-install-recommends", "install", *PAQUETS],
        capture_output=True,
        text=True,
        check=False,
    )
    if fait.returncode:
        arreter(f"apt ne sait pas ce que Pango demande : {fait.stderr.strip()}")
    noms = [ligne.split()[1] for ligne in fait.stdout.splitlines() if ligne.startswith("Inst ")]
    executer(["apt-get", *options, "download", *noms], "Téléchargement de Pango", cwd=depot)
    for paquet in depot.glob("*.deb"):
        executer(["dpkg-deb", "-x", paquet, AJOUTS], "Dépliage de Pango")
    _recrire_polices(AJOUTS / "etc/fonts/fonts.conf")


def _recrire_polices(fichier: Path) -> None:
    """Les polices dépliées et leur cache vivent dans le dossier de données."""
    if not fichier.is_file():
        return
    texte = fichier.read_text()
    for ancien, nouveau in (
        ("<cachedir>/var/cache/fontconfig</cachedir>", f"<cachedir>{DONNEES / 'cache-polices'}</cachedir>"),
        ("<dir>/usr/share/fonts</dir>", f"<dir>/usr/share/fonts</dir><dir>{AJOUTS / 'usr/share/fonts'}</dir>"),
    ):
        texte = texte.replace(ancien, nouveau)
    fichier.write_text(texte)


def chromium() -> str | None:
    """Chemin de Chromium; l'installe en root. `None` : absent, les essais de navigateur sont écartés."""
    trouve = shutil.which("chromium") or shutil.which("chromium-browser")
    if trouve or os.geteuid() or not shutil.which("apt-get"):
        return trouve
    dire("Installation de Chromium (essais de navigateur)…")
    executer(["apt-get", "update", "-qq"], "Mise à jour des listes de paquets")
    executer(
        INSTALLER_CHROMIUM.split(), "Installation de Chromium", env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    )
    return shutil.which("chromium")
