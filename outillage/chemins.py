"""Où vivent le dépôt et les données."""

import hashlib
import os
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
DONNEES = Path(os.environ.get("DONNEES") or RACINE / ".donnees").resolve()
VENV = DONNEES / "venv"
FRONT = DONNEES / "front"
JOURNAUX = DONNEES / "journaux"
ETAT = DONNEES / "etat.json"


def empreinte(*fichiers: Path) -> str:
    """SHA-256 du contenu de fichiers, dans l'ordre donné."""
    somme = hashlib.sha256()
    for fichier in fichiers:
        somme.update(fichier.name.encode() + b"\0" + fichier.read_bytes())
    return somme.hexdigest()


def a_jour(temoin: Path, valeur: str) -> bool:
    """Vrai si le témoin porte déjà cette valeur."""
    return temoin.is_file() and temoin.read_text() == valeur
