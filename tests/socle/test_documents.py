"""PDF gardé et balisé; XLSX sans formule tirée d'une donnée."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pikepdf
import pytest

from socle.documents.pdf import LecteurStatique, RessourceInterdite, rendre_pdf
from socle.documents.xlsx import Colonne, Feuille, ecrire_classeur

PAGE = '<html lang="fr-CA"><head><title>Essai</title></head><body><h1>Été, cœur, Šárka</h1><table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>{}</body></html>'


def test_pdf_ua_et_polices_du_paquet() -> None:
    with pikepdf.open(BytesIO(rendre_pdf(PAGE.format("")))) as pdf:
        assert pdf.Root.Lang == "fr-CA"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as meta:
            assert str(meta.get("pdfuaid:part")) == "1"
        polices = {str(p.BaseFont) for page in pdf.pages for p in page.Resources.Font.values()}
    assert all("Open-Sans" in police for police in polices), polices


@pytest.mark.parametrize(
    "adresse",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/x.png",
        "statique:///../manage.py",
        "statique://ailleurs/css/portail.css",
        "data:text/plain,a",
    ],
)
def test_le_lecteur_refuse_tout_le_reste(adresse: str) -> None:
    with pytest.raises((RessourceInterdite, Exception), match=r"refusée|Refused|outside|suspicious|path"):
        LecteurStatique().fetch(adresse)


def test_une_image_interdite_ne_fait_pas_tomber_le_rendu() -> None:
    assert rendre_pdf(PAGE.format('<img src="file:///etc/passwd" alt="x">')).startswith(b"%PDF")


def test_xlsx_sans_formule() -> None:
    feuille = Feuille(
        "F",
        "Titre",
        [Colonne("T"), Colonne("M", "argent")],
        [("=1+1", Decimal("581785.42")), ("@cmd\x0b", Decimal("-0.01"))],
    )
    classeur = openpyxl.load_workbook(BytesIO(ecrire_classeur([feuille], titre="T", auteur="A")))
    valeurs = [(c.value, c.data_type) for rangee in classeur["F"].iter_rows(min_row=4) for c in rangee]
    assert ("=1+1", "s") in valeurs
    assert ("@cmd", "s") in valeurs
    assert (581785.42, "n") in valeurs
