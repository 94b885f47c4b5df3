"""L'environnement Python du projet : venv et paquets verrouillés par empreinte."""

import shutil
import sys

from outillage.chemins import DONNEES, RACINE, VENV, a_jour, empreinte
from outillage.messages import arreter, dire, executer

VERROUS = {"demo": RACINE / "exigences" / "demo.txt", "essais": RACINE / "exigences" / "essais.txt"}


def preparer(genre: str) -> None:
    """Crée le venv et installe le verrou `genre`. « essais » contient « demo » : on ne redescend pas."""
    DONNEES.mkdir(parents=True, exist_ok=True)
    temoin = VENV / ".verrou"
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    attendus = {nom: f"{nom} {version} {empreinte(verrou)}" for nom, verrou in VERROUS.items()}
    if a_jour(temoin, attendus["essais"]) or a_jour(temoin, attendus[genre]):
        return
    if not (VENV / "bin" / "python").exists() or not (VENV / f"lib/python{version}").is_dir():
        _creer()
    dire("Installation des paquets Python…")
    executer(
        [
            VENV / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            VERROUS[genre],
        ],
        "Installation des paquets Python",
    )
    temoin.write_text(attendus[genre])


def _creer() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401, PLC0415 — Debian livre Python sans lui
    except ImportError:
        arreter("Il manque le module venv de Python. Installez-le : apt-get install -y python3-venv")
    executer([sys.executable, "-m", "venv", VENV], "Création de l’environnement Python")
