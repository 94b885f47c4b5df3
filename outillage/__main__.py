"""Première étape (Python du système) : préparer l'environnement; puis la seconde, avec le Python du projet."""

import os
import sys

from outillage import interface, systeme
from outillage.chemins import RACINE, VENV
from outillage.environnement import preparer
from outillage.messages import arreter

COMMANDES = {"demo": "demo", "gerer": "demo", "banc": "essais", "test": "essais"}


def main() -> None:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        arreter(f"Python 3.11, 3.12 ou 3.13 est nécessaire; celui-ci est {sys.version.split()[0]}.")
    commande, *arguments = sys.argv[1:] or [""]
    if commande not in COMMANDES:
        arreter("Commande inconnue. Utilisez bin/demo, bin/test, bin/gerer ou bin/banc.")
    preparer(COMMANDES[commande])
    ajouts = systeme.preparer_pango()
    interface.construire()
    os.chdir(RACINE)
    environnement = {**os.environ, **ajouts, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    python = str(VENV / "bin" / "python")
    os.execve(python, [python, "-m", "outillage.commandes", commande, *arguments], environnement)  # noqa: S606


main()
