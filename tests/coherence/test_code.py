"""Habitudes de la maison, vérifiées dans le code."""

import ast
import re
import subprocess
import unicodedata
from functools import lru_cache
from pathlib import Path

import pytest

from outillage.chemins import RACINE

APPS = ("config", "socle", "comptes", "alliances", "appels", "projets", "comite", "reddition", "portail")
LIGNES_FICHIER, LIGNES_FONCTION = 600, 60
ORDRES = ("alliances", "appels", "projets", "comite", "reddition")


@lru_cache
def suivis() -> list[Path]:
    """Les fichiers que le dépôt suit."""
    sortie = subprocess.run(["git", "ls-files"], cwd=RACINE, capture_output=True, text=True, check=True).stdout
    return [RACINE / ligne for ligne in sortie.splitlines() if (RACINE / ligne).is_file()]


def modules(*dossiers: str) -> list[Path]:
    return [
        f
        for f in suivis()
        if f.suffix == ".py" and f.relative_to(RACINE).parts[0] in dossiers and "migrations" not in f.parts
    ]


@lru_cache
def arbre(fichier: Path) -> ast.Module:
    return ast.parse(fichier.read_text(encoding="utf-8"))


def nom(fichier: Path) -> str:
    return str(fichier.relative_to(RACINE))


def test_il_y_a_du_code_a_lire() -> None:
    assert len(modules(*APPS)) > 100


def test_aucun_fichier_trop_long() -> None:
    longs = [
        nom(f) for f in modules(*APPS, "outillage", "tests", "bancs") if f.read_text().count("\n") > LIGNES_FICHIER
    ]
    assert not longs


def test_aucune_fonction_trop_longue() -> None:
    longues = [
        f"{nom(f)}:{n.lineno} {n.name}"
        for f in modules(*APPS, "outillage")
        for n in ast.walk(arbre(f))
        if isinstance(n, ast.FunctionDef) and n.end_lineno - n.lineno >= LIGNES_FONCTION
    ]
    assert not longues


def test_aucun_import_cache_dans_une_fonction() -> None:
    caches = [
        f"{nom(f)}:{i.lineno}"
        for f in modules(*APPS)
        for n in ast.walk(arbre(f))
        if isinstance(n, ast.FunctionDef)
        for i in ast.walk(n)
        if isinstance(i, ast.Import | ast.ImportFrom)
    ]
    assert not caches


def test_une_requete_n_appelle_jamais_le_courtier() -> None:
    fautifs = [
        nom(f)
        for f in modules(*APPS)
        if re.search(r"\.(delay|apply_async|send_task)\(", f.read_text())
        and nom(f) != "socle/management/commands/relais.py"
    ]
    assert not fautifs


def test_une_seule_horloge() -> None:
    motif = re.compile(r"timezone\.now\(|datetime\.(now|utcnow|today)\(|date\.today\(")
    assert [nom(f) for f in modules(*APPS) if motif.search(f.read_text())] == ["socle/horloge.py"]


def test_identifiants_sans_accents() -> None:
    fautifs = [
        f"{nom(f)}:{n.lineno}"
        for f in modules(*APPS, "outillage", "tests")
        for n in ast.walk(arbre(f))
        if isinstance(n, ast.FunctionDef | ast.ClassDef) and unicodedata.normalize("NFKD", n.name) != n.name
    ]
    assert not fautifs


def test_chaque_module_public_a_sa_docstring() -> None:
    muets = [
        nom(f)
        for f in modules(*APPS)
        if f.stat().st_size
        and f.name not in {"__init__.py", "apps.py"}
        and "commands" not in f.parts
        and not ast.get_docstring(arbre(f))
    ]
    assert not muets


def test_toute_app_est_dans_les_couches() -> None:
    paquets = {
        f.relative_to(RACINE).parts[0] for f in suivis() if f.suffix == ".py" and len(f.relative_to(RACINE).parts) > 1
    }
    assert paquets - {"outillage", "tests", "bancs"} == set(APPS)


@pytest.mark.parametrize("app", ORDRES)
def test_les_services_ne_connaissent_pas_la_requete(app: str) -> None:
    fautifs = [
        nom(f)
        for f in modules(app)
        if ("services" in f.parts or f.name == "services.py")
        and re.search(r"\brequest\b|HttpResponse|messages\.", f.read_text())
    ]
    assert not fautifs


def test_gabarits_sans_style_ni_script_en_ligne() -> None:
    motif = re.compile(r"""\sstyle=|<style|\son[a-z]+=["']|<script(?![^>]*\bsrc=)|\|safe\b|autoescape off""")
    fautifs = [
        nom(f)
        for f in suivis()
        if f.suffix == ".html" and f.relative_to(RACINE).parts[0] == "templates" and motif.search(f.read_text())
    ]
    assert not fautifs


def test_rien_de_marque_sur_sans_echappement() -> None:
    assert not [nom(f) for f in modules(*APPS) if "mark_safe" in f.read_text()]


def test_le_depot_ne_parle_que_de_lui() -> None:
    interdits = re.compile(r"(?i)npmjs|pypi\.org|pythonhosted|artifactory|/work/|\bclaude\b|anthropic")
    fautifs = [
        nom(f)
        for f in suivis()
        if f.suffix in {".py", ".md", ".json", ".txt", ".ini", ".toml", ".html", ".mjs", ".scss", ".js", ".in", ""}
        and f.name != Path(__file__).name
        and interdits.search(f.read_text(errors="replace"))
    ]
    assert not fautifs
