"""Lire une mise en page et un PDF : textes, débordements, veuves, balises."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from socle.documents.pdf import VARIANTE

TITRES = {"h1", "h2", "h3"}
JEU = 0.7  # point de tolérance, en pixels CSS


def textes(boite: Any) -> Iterator[Any]:
    """Les boîtes de texte sous `boite`."""
    return (b for b in boite.descendants(placeholders=True) if type(b).__name__ == "TextBox" and b.text.strip())


def lire(document: Any) -> list[str]:
    """Le texte de chaque page, marges comprises."""
    return [re.sub(r"[ \n]+", " ", " ".join(b.text for b in textes(page._page_box))) for page in document.pages]


def debordements(document: Any) -> list[str]:
    """Les textes qui sortent de la page ou de leur cellule."""
    fautes = []
    for rang, page in enumerate(document.pages, start=1):
        boite = page._page_box
        gauche, droite = boite.content_box_x(), boite.content_box_x() + boite.width
        fautes += [
            f"p. {rang} page : {b.text[:40]}"
            for b in textes(boite)
            if b.position_x < gauche - JEU or b.position_x + b.width > droite + JEU
        ]
        for cellule in (b for b in boite.descendants() if type(b).__name__ == "TableCellBox"):
            debut, fin = cellule.position_x, cellule.position_x + cellule.border_width()
            fautes += [
                f"p. {rang} cellule : {b.text[:40]}"
                for b in textes(cellule)
                if b.position_x < debut - JEU or b.position_x + b.width > fin + JEU
            ]
    return fautes


def veuves(document: Any) -> list[str]:
    """Totaux en tête de page, et titres qui ferment une page."""
    fautes = []
    for rang, page in enumerate(document.pages, start=1):
        for tableau in (b for b in page._page_box.descendants() if type(b).__name__ == "TableBox"):
            corps = [g for g in tableau.children if not (g.is_header or g.is_footer)]
            premiere = corps[0].children[0].element.get("class", "") if corps and corps[0].children else ""
            if "total" in premiere:
                fautes.append(f"p. {rang} : total seul en tête")
        racine = page._page_box.children[0]
        lignes = [(b.position_y, b.element_tag) for b in racine.descendants() if type(b).__name__ == "LineBox"]
        if lignes and max(lignes)[1] in TITRES:
            fautes.append(f"p. {rang} : titre orphelin")
    return fautes


def ouvrir(document: Any) -> pikepdf.Pdf:
    """Le PDF écrit de cette mise en page."""
    return pikepdf.open(BytesIO(document.write_pdf(pdf_variant=VARIANTE)))


def elements(noeud: Any) -> Iterator[Any]:
    """Les éléments de l'arbre de structure, en profondeur."""
    enfants = noeud.get("/K")
    enfants = enfants if isinstance(enfants, pikepdf.Array) else [enfants]
    for enfant in enfants:
        if isinstance(enfant, pikepdf.Dictionary) and "/S" in enfant:
            yield enfant
            yield from elements(enfant)


def defauts_ua(pdf: pikepdf.Pdf) -> list[str]:
    """Ce qui manque d'un PDF/UA-1 lisible : langue, titre, balises, en-têtes, textes de remplacement, polices."""
    fautes = []
    with pdf.open_metadata() as meta:
        attendus = {
            "langue": pdf.Root.get("/Lang") == "fr-CA",
            "balisé": bool(pdf.Root.MarkInfo.Marked),
            "titre affiché": bool(pdf.Root.ViewerPreferences.DisplayDocTitle),
            "titre": bool(meta.get("dc:title")),
            "pdfuaid": str(meta.get("pdfuaid:part")) == "1",
        }
    fautes += [nom for nom, tenu in attendus.items() if not tenu]
    for page in pdf.pages:
        polices = page.Resources.get("/Font", {})
        fautes += [str(p.BaseFont) for p in polices.values() if "Open-Sans" not in str(p.BaseFont)]
        if "/StructParents" not in page:
            fautes.append("page sans balise")
    for element in elements(pdf.Root.StructTreeRoot):
        sortes = [str(e.S) for e in elements(element)]
        if element.S == "/Figure" and not str(element.get("/Alt", "")).strip():
            fautes.append("figure sans texte")
        if element.S == "/Table" and "/TH" not in sortes:
            fautes.append("tableau sans en-tête")
        if element.S == "/THead" and "/TD" in sortes:
            fautes.append("en-tête qui n’est pas TH")
        if element.S == "/Caption" and "/Caption" in sortes:
            fautes.append("légende dans une légende")
    return fautes
