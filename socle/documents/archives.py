"""Archives ZIP et CSV écrits en flux : mémoire bornée, noms sûrs, aucune cellule prise pour une formule."""

import csv
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import TextIOWrapper
from typing import IO, Any

from socle.models import Fichier

TYPE_ZIP, TYPE_CSV = "application/zip", "text/csv"
FORMULES = ("=", "+", "-", "@", "\t", "\r")
RESERVES = {"con", "prn", "aux", "nul", *(f"{nom}{n}" for nom in ("com", "lpt") for n in range(1, 10))}
LONGUEUR = 80


def nom_sur(texte: str, *, defaut: str = "sans-nom", longueur: int = LONGUEUR) -> str:
    """Un nom de fichier que tout système accepte : lettres sans accents, chiffres, point, tiret; jamais un chemin."""
    plat = unicodedata.normalize("NFKD", texte).encode("ascii", "ignore").decode()
    base, point, extension = plat.rpartition(".")
    if not point or not re.fullmatch(r"[A-Za-z0-9]{1,5}", extension):
        base, extension = plat, ""
    propre = re.sub(r"[^A-Za-z0-9]+", "-", base).strip("-")[:longueur].strip("-") or defaut
    if propre.lower() in RESERVES:
        propre = f"{propre}-"
    return f"{propre}.{extension.lower()}" if extension else propre


class Archive:
    """Un ZIP écrit entrée par entrée dans `sortie`; un nom déjà pris reçoit un rang."""

    def __init__(self, sortie: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._pris: set[str] = set()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._zip.close()

    def _libre(self, dossier: str, nom: str) -> str:
        base, point, extension = nom.rpartition(".")
        base = base if point else nom
        chemin, rang = f"{dossier}/{nom}" if dossier else nom, 2
        while chemin.lower() in self._pris:
            suite = f"{base}-{rang}{point}{extension if point else ''}"
            chemin, rang = (f"{dossier}/{suite}" if dossier else suite), rang + 1
        self._pris.add(chemin.lower())
        return chemin

    def ajouter(self, dossier: str, nom: str, fichier: Fichier) -> str:
        """Copie un fichier rangé, par morceaux; rend son chemin dans l'archive. Lève `FileNotFoundError` s'il n'est plus là."""
        with fichier.contenu.open("rb") as source:
            chemin = self._libre(dossier, nom)
            with self._zip.open(chemin, "w", force_zip64=True) as cible:
                shutil.copyfileobj(source, cible, 1 << 20)
        return chemin

    def ecrire(self, nom: str, octets: bytes) -> None:
        self._zip.writestr(self._libre("", nom), octets)


def cellule(valeur: Any) -> str:
    """Une cellule CSV : nombres à la québécoise (virgule), dates ISO; un texte qui ferait formule est précédé d'une apostrophe."""
    if valeur is None:
        return ""
    if isinstance(valeur, Decimal):
        return f"{valeur:f}".replace(".", ",")
    if isinstance(valeur, date):
        return valeur.isoformat()
    texte = str(valeur)
    return f"'{texte}" if texte.startswith(FORMULES) else texte


def ecrire_csv(sortie: IO[bytes], entetes: Sequence[Any], rangees: Iterable[Sequence[Any]]) -> None:
    """CSV qu'un tableur d'ici ouvre tel quel : UTF-8 avec marque, point-virgule."""
    texte = TextIOWrapper(sortie, encoding="utf-8-sig", newline="", write_through=True)
    plume = csv.writer(texte, delimiter=";")
    plume.writerow([str(entete) for entete in entetes])
    plume.writerows([cellule(valeur) for valeur in rangee] for rangee in rangees)
    texte.detach()
