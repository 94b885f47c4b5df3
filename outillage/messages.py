"""Messages de préparation : sur la sortie d'erreur, pour ne rien mêler aux réponses."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn


def dire(texte: str) -> None:
    print(texte, file=sys.stderr, flush=True)


def arreter(texte: str) -> NoReturn:
    dire(texte)
    sys.exit(1)


def executer(commande: Sequence[str | Path], but: str, **options: object) -> None:
    """Exécute une commande; son échec s'arrête avec ce qu'elle a dit."""
    fait = subprocess.run([str(mot) for mot in commande], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    if fait.returncode:
        fin = "\n".join((fait.stdout + fait.stderr).strip().splitlines()[-15:])
        arreter(f"{but} : échec de « {' '.join(str(mot) for mot in commande)} »\n{fin}")
