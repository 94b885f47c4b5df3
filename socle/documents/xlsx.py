"""Classeurs XLSX : montants en nombres, textes en textes, jamais de formule tirée d'une donnée."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

TYPE_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTROLES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Colonne:
    """Une colonne : titre, genre (texte, argent, entier, date, nombre), largeur en caractères."""

    titre: str
    genre: str = "texte"
    largeur: int = 18


@dataclass(frozen=True)
class Cellule:
    """Une valeur dont le genre n'est pas celui de sa colonne."""

    valeur: Any
    genre: str


@dataclass(frozen=True)
class Feuille:
    """Une feuille : titre, colonnes, rangées et, au besoin, une rangée de totaux en gras."""

    nom: str
    titre: str
    colonnes: Sequence[Colonne]
    rangees: Iterable[Sequence[Any]]
    totaux: Sequence[Any] | None = None
    notes: Sequence[str] = field(default_factory=tuple)


def ecrire_classeur(feuilles: Iterable[Feuille], *, titre: str, auteur: str) -> bytes:
    """Le classeur, en octets. Un texte qui commence par « = » reste un texte; les caractères de contrôle sont retirés."""
    tampon = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(tampon, options) as classeur:
        classeur.set_properties({"title": titre, "author": auteur, "language": "fr-CA"})
        formats = _formats(classeur)
        for feuille in feuilles:
            _ecrire_feuille(classeur.add_worksheet(feuille.nom[:31]), feuille, formats)
    return tampon.getvalue()


def _formats(classeur: xlsxwriter.Workbook) -> dict[str, Format]:
    argent = '#,##0.00\\ "$";-#,##0.00\\ "$"'
    base = {"font_name": "Open Sans", "font_size": 10, "valign": "top"}
    return {
        "titre": classeur.add_format({**base, "bold": True, "font_size": 14, "font_color": "#095797"}),
        "entete": classeur.add_format({**base, "bold": True, "bottom": 2, "text_wrap": True}),
        "note": classeur.add_format({**base, "italic": True}),
        "texte": classeur.add_format({**base, "text_wrap": True}),
        "argent": classeur.add_format({**base, "num_format": argent}),
        "entier": classeur.add_format({**base, "num_format": "#,##0"}),
        "nombre": classeur.add_format({**base, "num_format": "#,##0.00"}),
        "date": classeur.add_format({**base, "num_format": "yyyy-mm-dd"}),
        "total_texte": classeur.add_format({**base, "bold": True, "top": 2}),
        "total_argent": classeur.add_format({**base, "bold": True, "top": 2, "num_format": argent}),
        "total_entier": classeur.add_format({**base, "bold": True, "top": 2, "num_format": "#,##0"}),
        "total_nombre": classeur.add_format({**base, "bold": True, "top": 2, "num_format": "#,##0.00"}),
    }


def _ecrire_feuille(page: Worksheet, feuille: Feuille, formats: dict[str, Format]) -> None:
    page.write_string(0, 0, _propre(feuille.titre), formats["titre"])
    for indice, colonne in enumerate(feuille.colonnes):
        page.set_column(indice, indice, colonne.largeur)
        page.write_string(2, indice, colonne.titre, formats["entete"])
    page.freeze_panes(3, 0)
    page.repeat_rows(2)
    page.set_paper(1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    rang = 3
    for rangee in feuille.rangees:
        for indice, (colonne, valeur) in enumerate(zip(feuille.colonnes, rangee, strict=True)):
            c = valeur if isinstance(valeur, Cellule) else Cellule(valeur, colonne.genre)
            _ecrire_cellule(page, rang, indice, c.valeur, formats[c.genre])
        rang += 1
    if rang > 3:  # noqa: PLR2004
        page.autofilter(2, 0, rang - 1, len(feuille.colonnes) - 1)
    if feuille.totaux is not None:
        for indice, (colonne, valeur) in enumerate(zip(feuille.colonnes, feuille.totaux, strict=True)):
            _ecrire_cellule(page, rang, indice, valeur, formats.get(f"total_{colonne.genre}", formats["total_texte"]))
        rang += 1
    for decalage, note in enumerate(feuille.notes, start=1):
        page.write_string(rang + decalage, 0, _propre(note), formats["note"])


def _ecrire_cellule(page: Worksheet, rang: int, indice: int, valeur: Any, forme: Format) -> None:
    if valeur is None or valeur == "":
        page.write_blank(rang, indice, None, forme)
    elif isinstance(valeur, Decimal | int | float) and not isinstance(valeur, bool):
        page.write_number(rang, indice, float(valeur), forme)
    elif isinstance(valeur, date):
        page.write_datetime(rang, indice, valeur, forme)
    else:
        page.write_string(rang, indice, _propre(str(valeur)), forme)


def _propre(texte: str) -> str:
    return CONTROLES.sub("", texte)[:32767]
