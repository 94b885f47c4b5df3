"""Classeurs XLSX : montants en nombres, textes en textes, jamais de formule tirée d'une donnée."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

TYPE_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTROLES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


LARGEURS = {"argent": 21, "entier": 12, "nombre": 12, "taux": 12, "date": 12}  # « 999 999 999 999,99 $ » tient


@dataclass(frozen=True)
class Colonne:
    """Une colonne : titre, genre (texte, argent, entier, date, nombre, taux), largeur en caractères (0 : selon le genre)."""

    titre: str
    genre: str = "texte"
    largeur: int = 0

    @property
    def caracteres(self) -> int:
        return self.largeur or LARGEURS.get(self.genre, 18)


@dataclass(frozen=True)
class Cellule:
    """Une valeur d'un autre genre que sa colonne : un compte ou un levier parmi des montants."""

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


EN_TEXTES = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def ecrire_classeur(feuilles: Iterable[Feuille], *, titre: str, auteur: str) -> bytes:
    """Le classeur, en octets. Un texte qui commence par « = » reste un texte; les caractères de contrôle sont retirés."""
    tampon = BytesIO()
    _remplir(xlsxwriter.Workbook(tampon, {"in_memory": True, **EN_TEXTES}), feuilles, titre, auteur)
    return tampon.getvalue()


def ecrire_grand_classeur(sortie: IO[bytes], feuilles: Iterable[Feuille], *, titre: str, auteur: str) -> None:
    """Le même classeur, rangée par rangée dans `sortie` : la mémoire ne suit pas le nombre de rangées."""
    _remplir(xlsxwriter.Workbook(sortie, {"constant_memory": True, **EN_TEXTES}), feuilles, titre, auteur)


def _remplir(classeur: xlsxwriter.Workbook, feuilles: Iterable[Feuille], titre: str, auteur: str) -> None:
    with classeur:
        classeur.set_properties({"title": titre, "author": auteur})
        formats = _formats(classeur)
        for feuille in feuilles:
            _ecrire_feuille(classeur.add_worksheet(feuille.nom[:31]), feuille, formats)


def _formats(classeur: xlsxwriter.Workbook) -> dict[str, Format]:
    base = {"font_name": "Open Sans", "font_size": 10, "valign": "top"}
    nombres = {
        "argent": '#,##0.00\\ "$";-#,##0.00\\ "$"',
        "entier": "#,##0",
        "nombre": "#,##0.00",
        "taux": "0.0\\ %",
        "date": "yyyy-mm-dd",
    }
    formats = {
        "titre": classeur.add_format({**base, "bold": True, "font_size": 14, "font_color": "#095797"}),
        "entete": classeur.add_format({**base, "bold": True, "bottom": 2, "text_wrap": True}),
        "entete_nombre": classeur.add_format({**base, "bold": True, "bottom": 2, "text_wrap": True, "align": "right"}),
        "note": classeur.add_format({**base, "italic": True}),
        "texte": classeur.add_format({**base, "text_wrap": True}),
        "total_texte": classeur.add_format({**base, "bold": True, "top": 2}),
    }
    for genre, masque in nombres.items():
        formats[genre] = classeur.add_format({**base, "num_format": masque})
        formats[f"total_{genre}"] = classeur.add_format({**base, "bold": True, "top": 2, "num_format": masque})
    return formats


def _ecrire_feuille(page: Worksheet, feuille: Feuille, formats: dict[str, Format]) -> None:
    page.write_string(0, 0, _propre(feuille.titre), formats["titre"])
    for indice, colonne in enumerate(feuille.colonnes):
        page.set_column(indice, indice, colonne.caracteres)
        page.write_string(2, indice, colonne.titre, formats["entete" if colonne.genre == "texte" else "entete_nombre"])
    page.freeze_panes(3, 0)
    _preparer_impression(page, feuille)
    rang = 3
    for rangee in feuille.rangees:
        _ecrire_rangee(page, rang, feuille.colonnes, rangee, formats)
        rang += 1
    if rang > 3:  # noqa: PLR2004
        page.autofilter(2, 0, rang - 1, len(feuille.colonnes) - 1)
    if feuille.totaux is not None:
        _ecrire_rangee(page, rang, feuille.colonnes, feuille.totaux, formats, "total_")
        rang += 1
    for decalage, note in enumerate(feuille.notes, start=1):
        page.write_string(rang + decalage, 0, _propre(note), formats["note"])


def _preparer_impression(page: Worksheet, feuille: Feuille) -> None:
    """Lettre en paysage, une page de large, titres répétés, folio au pied."""
    page.set_paper(1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 2)
    page.set_footer("&L" + _propre(feuille.titre).replace("&", "&&")[:200] + "&Rpage &P sur &N")


def _ecrire_rangee(
    page: Worksheet,
    rang: int,
    colonnes: Sequence[Colonne],
    rangee: Sequence[Any],
    formats: dict[str, Format],
    prefixe: str = "",
) -> None:
    for indice, (colonne, valeur) in enumerate(zip(colonnes, rangee, strict=True)):
        cellule = valeur if isinstance(valeur, Cellule) else Cellule(valeur, colonne.genre)
        _ecrire_cellule(page, rang, indice, cellule.valeur, formats[prefixe + cellule.genre])


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
