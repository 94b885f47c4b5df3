"""Le catalogue gettext fr_CA : l'extraire du code et des gabarits, le compiler; sans les outils gettext du système.

Le français est la langue source : le catalogue porte la règle du pluriel (« 0 projet ») et sert de départ à une
autre langue. `python -m outillage.catalogues` le met à jour.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from outillage.chemins import RACINE

APPS = ("config", "socle", "comptes", "alliances", "appels", "projets", "comite", "reddition", "portail")
SOURCE = RACINE / "locale" / "fr_CA" / "LC_MESSAGES" / "django.po"
ENTETE = "# Catalogue français du Québec, tiré du code et des gabarits : python -m outillage.catalogues"
MOTS = {
    "_": None,
    "L": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def typographier(texte: str) -> str:
    """Pose les espaces insécables (R46) : après «, avant » : % $. Le code et les gabarits s'écrivent sans elles."""
    texte = texte.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    return re.sub(r" (?=[:%$](?:[\s.,;)]|$))", "\u00a0", texte)


def _rendre(message: Message) -> None:
    """Un message sans traduction se rend par sa source, au bon nombre, typographiée."""
    formes = message.string if isinstance(message.string, tuple) else (message.string,)
    if not any(formes):
        formes = message.id if message.pluralizable else (message.id,)
    rendues = tuple(typographier(forme) for forme in formes)
    if message.pluralizable:
        message.string = rendues
    elif rendues[0] != message.id:
        message.string = rendues[0]


def compiler() -> None:
    """Compile chaque catalogue en .mo."""
    for source in (RACINE / "locale").rglob("*.po"):
        cible = source.with_suffix(".mo")
        if cible.exists() and cible.stat().st_mtime >= max(source.stat().st_mtime, Path(__file__).stat().st_mtime):
            continue
        with source.open("rb") as lu:
            catalogue = read_po(lu)
        for message in catalogue:
            if message.id:
                _rendre(message)
        with cible.open("wb") as ecrit:
            write_mo(ecrit, catalogue)


def messages() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """(fichier, message) de tout le code et de tous les gabarits; un tuple porte le singulier et le pluriel."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 — Django n'est là qu'à la seconde étape

    for app in APPS:
        for fichier in sorted((RACINE / app).rglob("*.py")):
            yield from _extraire(fichier, fichier.read_text(encoding="utf-8"))
    for fichier in sorted([*(RACINE / "templates").rglob("*.html"), *(RACINE / "templates").rglob("*.txt")]):
        code = templatize(fichier.read_text(encoding="utf-8"))
        yield from _extraire(fichier, re.sub(r"(?m)^\s+", "", code))


def _extraire(fichier: Path, code: str) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    chemin = str(fichier.relative_to(RACINE))
    for _ligne, message, _remarques, _contexte in extract("python", BytesIO(code.encode()), keywords=MOTS):
        yield chemin, message


def actualiser() -> int:
    """Réécrit le catalogue; garde les traductions encore utiles. Rend le nombre de messages."""
    ancien = None
    if SOURCE.exists():
        with SOURCE.open("rb") as lu:
            ancien = read_po(lu)
    catalogue = Catalog(locale="fr_CA", project="portail", version="1", fuzzy=False, header_comment=ENTETE)
    for chemin, message in messages():
        connu = ancien.get(message) if ancien else None
        catalogue.add(message, connu.string if connu else "", locations=[(chemin, 0)])
    SOURCE.parent.mkdir(parents=True, exist_ok=True)
    tampon = BytesIO()
    write_po(tampon, catalogue, width=0, sort_output=True, omit_header=False, include_lineno=False)
    texte = re.sub(
        r'(?m)^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To):.*\n',
        "",
        tampon.getvalue().decode(),
    )
    SOURCE.write_text(texte, encoding="utf-8")
    return len(catalogue)


if __name__ == "__main__":
    print(actualiser())
