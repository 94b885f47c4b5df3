"""Le classeur d'une reddition : formats justes, en-tête figé, impression Lettre, titre."""

from io import BytesIO

import openpyxl
import pytest

from reddition.exports import feuilles
from reddition.models import Reddition
from socle.documents.xlsx import ecrire_classeur

pytestmark = pytest.mark.django_db
FEUILLES = ["Synthèse", "Territoires", "Priorités", "Provenance", "Enveloppes", "Projets", "Contrôles"]


@pytest.fixture
def classeur() -> openpyxl.Workbook:
    reddition = Reddition.objects.select_related("entente__mandataire").get(
        entente__code="02-2017", exercice="2019-2020", etat="acceptee"
    )
    octets = ecrire_classeur(feuilles(reddition), titre="Reddition 2019-2020", auteur=str(reddition.entente.mandataire))
    return openpyxl.load_workbook(BytesIO(octets))


def test_chaque_feuille_se_lit_et_s_imprime(classeur: openpyxl.Workbook) -> None:
    assert classeur.sheetnames == FEUILLES
    assert classeur.properties.title == "Reddition 2019-2020"
    for page in classeur:
        assert page.freeze_panes == "A4"
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (1, "landscape")
        assert page.print_title_rows == "$1:$3"
        assert "&P" in page.oddFooter.right.text
        assert all(page.column_dimensions[c[0].column_letter].width >= 12 for c in page.iter_cols(min_row=3, max_row=3))


def test_un_compte_et_un_levier_ne_sont_pas_de_l_argent(classeur: openpyxl.Workbook) -> None:
    formats = {
        r[0].value: (r[1].value, r[1].number_format) for r in classeur["Synthèse"].iter_rows(min_row=4, max_row=11)
    }
    projets, accorde = formats["Projets comptés dans l’exercice"], formats["FQIS accordé"]
    assert projets == (28, "#,##0")
    assert accorde[0] == 2733155
    assert "$" in accorde[1]
    levier = next(v for titre, v in formats.items() if titre and titre.startswith("Levier"))
    assert levier == (0.61, "#,##0.00")
    titres = {c.value: c.column for c in classeur["Territoires"][3]}
    assert "$" not in classeur["Territoires"].cell(4, titres["Levier"]).number_format
    assert "%" in classeur["Territoires"].cell(4, titres["Part de l’accordé"]).number_format


def test_la_feuille_des_controles(classeur: openpyxl.Workbook) -> None:
    rangees = [[c.value for c in r] for r in classeur["Contrôles"].iter_rows(min_row=4) if r[4].value]
    assert {r[4] for r in rangees} == {"oui"}
    unique = next(r for r in classeur["Contrôles"].iter_rows(min_row=4) if "autre exercice" in str(r[0].value))
    assert unique[1].number_format == "#,##0"


def test_les_totaux_sont_ceux_des_rangees(classeur: openpyxl.Workbook) -> None:
    page = classeur["Projets"]
    titres = {c.value: c.column for c in page[3]}
    colonne = [c.value for c in page[page.cell(3, titres["Accordé"]).column_letter][3:] if c.value is not None]
    assert round(sum(colonne[:-1]), 2) == colonne[-1] == 2733155
