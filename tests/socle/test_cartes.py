"""Les listes de l'admin en cartes : chaque case porte le nom de sa colonne, échappé; rien d'autre ne change."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.safestring import mark_safe

from projets.models import Projet
from socle.templatetags.listes import avec_titres
from tests.outils.personnes import client

pytestmark = pytest.mark.django_db


def test_chaque_case_porte_le_nom_de_sa_colonne() -> None:
    page = client("coordination").get("/admin/projets/projet/").content.decode()
    tableau = page.partition('<table id="result_list" class="empile liste-cartes">')[2].partition("</table>")[0]
    rangees = re.findall(r"<tr>(.*?)</tr>", tableau.partition("<tbody>")[2], re.S)
    classe = admin.site._registry[Projet]
    assert rangees
    for rangee in rangees:
        cases = re.findall(r"<td[^>]*>", rangee)
        titrees = [case for case in cases if "data-titre=" in case]
        assert len(cases) - len(titrees) == 1, "la case à cocher seule n'a pas de titre"
        assert len(titrees) == len(classe.list_display) - 1  # le numéro est l'en-tête de la rangée
    assert 'data-titre="Demandé"' in tableau
    assert 'data-titre="Déposé le"' in tableau


def test_le_titre_est_echappe_et_la_case_intacte() -> None:
    case = mark_safe('<td class="field-x">5 &lt; 6</td>')
    assert avec_titres([case], [{"text": 'a"><script>'}]) == [
        '<td data-titre="A&quot;&gt;&lt;script&gt;" class="field-x">5 &lt; 6</td>'
    ]
    entete = mark_safe('<th class="field-n"><a href="/">1</a></th>')
    assert avec_titres([entete], [{"text": "numéro"}]) == [entete]


def test_le_tri_reste_dans_l_en_tete() -> None:
    page = client("coordination").get("/admin/projets/projet/?o=5").content.decode()
    assert 'class="toggle ascending"' in page
    assert 'title="Inverser le tri"' in page
    assert f'href="{reverse("admin:projets_projet_changelist")}"' in page
