"""La couleur d'en-tête : contraste calculé, jamais une couleur illisible, clair et sombre."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliances.regles.image import BLANC, FOND_SOMBRE, contraste, feuille, lisible, lisible_en_sombre

COULEURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@pytest.mark.parametrize(
    ("une", "autre", "attendu"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
    ],
)
def test_contrastes_connus(une: str, autre: str, attendu: float) -> None:
    assert contraste(une, autre) == pytest.approx(attendu, abs=0.01)


@pytest.mark.parametrize(
    ("couleur", "clair", "sombre"),
    [
        ("#095797", True, False),
        ("#767676", True, True),
        ("#777777", False, False),
        ("#ffff00", False, False),
        ("", False, False),
        ("#FFF", False, False),
        ("red; } body { display: none", False, False),
    ],
)
def test_lisible_ou_non(couleur: str, clair: bool, sombre: bool) -> None:
    assert (lisible(couleur), lisible_en_sombre(couleur)) == (clair, sombre)
    assert bool(feuille(couleur)) is clair
    assert feuille(couleur).startswith(":root") is sombre


@given(COULEURS, COULEURS)
def test_le_contraste_est_symetrique_et_borne(une: str, autre: str) -> None:
    assert contraste(une, autre) == contraste(autre, une)
    assert 1 <= contraste(une, autre) <= 21.0001


@given(COULEURS)
def test_une_feuille_ne_porte_qu_une_couleur_lisible(couleur: str) -> None:
    rendue = feuille(couleur)
    if rendue:
        assert contraste(couleur, BLANC) >= 4.5
        assert rendue.count(couleur) == 1
        if "not (prefers" not in rendue:
            assert contraste(couleur, FOND_SOMBRE) >= 3
