"""Barres : parts à l'échelle, motifs coupés au rectangle, aucun style en ligne; nom daté du ministère."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from socle.graphiques import HAUTEUR, barre_enveloppe, barre_simple, hachures, points
from socle.referentiel.ministere import nom_du_ministere, sigle_du_ministere


def test_barre_a_l_echelle() -> None:
    barre = barre_enveloppe(dotation=Decimal(500), engage=Decimal(300), verse=Decimal(100), echelle=Decimal(1000))
    assert (barre.largeur, [(p.genre, p.x, p.largeur) for p in barre.parts]) == (
        500,
        [("verse", 0, 100), ("engage", 100, 200)],
    )
    assert [p.plein for p in barre.parts] == [True, False]
    assert barre_enveloppe(dotation=Decimal(0), engage=Decimal(0), verse=Decimal(0)).parts == ()
    assert barre_simple(montant=Decimal(5), echelle=Decimal(10), genre="nature", texte="x").parts[0].points


@pytest.mark.parametrize(("x", "largeur"), [(0, 1), (10, 7), (100, 40), (250, 613)])
def test_les_motifs_restent_dans_le_rectangle(x: int, largeur: int) -> None:
    for abscisse, ordonnee in re.findall(r"[ML](-?\d+) (-?\d+)", hachures(x, largeur)):
        assert x <= int(abscisse) <= x + largeur
        assert 0 <= int(ordonnee) <= HAUTEUR
    for abscisse, cote in re.findall(r"M(-?\d+) \d+h(\d+)", points(x, largeur)):
        assert x <= int(abscisse)
        assert int(abscisse) + int(cote) <= x + largeur


def test_le_meme_composant_a_l_ecran_et_sur_papier() -> None:
    barre = barre_enveloppe(dotation=Decimal(500), engage=Decimal(300), verse=Decimal(100))
    ecran = render_to_string("composants/barre_enveloppe.html", {"barre": barre})
    papier = render_to_string("composants/barre_enveloppe.html", {"barre": barre, "papier": "84"})
    assert 'role="img" aria-label="Dotation' in ecran
    assert "<title>Dotation" in papier
    assert "style=" not in ecran + papier
    assert 'class="engage"' in ecran


def test_le_ministere_porte_le_nom_de_la_date() -> None:
    """R29."""
    assert nom_du_ministere(date(2022, 10, 19)) == "ministère du Travail, de l’Emploi et de la Solidarité sociale"
    assert nom_du_ministere(date(2022, 10, 20)) == "ministère de l’Emploi et de la Solidarité sociale"
    assert (sigle_du_ministere(date(2017, 4, 1)), sigle_du_ministere(date(2024, 4, 1))) == ("MTESS", "MESS")
