"""Les règles chiffrées, avec les nombres des sources (R3, R7, R8, R9, R13, R19, R24, R32, R33)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliances.parametres import ParametresAide
from projets.regles import (
    Demande,
    Depense,
    Financement,
    aide_maximale,
    depense_admissible,
    evaluer,
    note_ponderee,
    rapport_du_le,
    solde_final,
)

D = Decimal


def demande(montant: str, depenses: str = "100000", **options: object) -> Demande:
    financements = options.pop("financements", [])
    return Demande(D(montant), [Depense("salaires", D(depenses))], financements, **options)


def constat(regle: str, d: Demande, aide: ParametresAide | None = None):
    return next(c for c in evaluer(d, aide or ParametresAide()) if c.regle == regle)


@pytest.mark.parametrize(
    ("categorie", "jour", "admis"),
    [
        ("salaires", date(2020, 3, 1), False),
        ("salaires", date(2020, 5, 15), True),
        ("salaires", None, True),
        ("immobilisations", None, False),
        ("mission_globale", date(2021, 1, 1), False),
    ],
)
def test_r3(categorie: str, jour: date | None, admis: bool) -> None:
    assert depense_admissible(categorie, jour, date(2020, 5, 15)) is admis


@pytest.mark.parametrize(("montant", "conforme"), [("40000.00", True), ("40000.01", False)])
def test_r7_plafond(montant: str, conforme: bool) -> None:
    assert constat("R7", demande(montant), ParametresAide(plafond=D(40000))).conforme is conforme


def test_r8_taux() -> None:
    aide = ParametresAide(taux_max=D("0.50"))
    assert constat("R8", demande("50000"), aide).conforme
    assert not constat("R8", demande("50000.01"), aide).conforme


def test_r9_cumul_dit_le_maximum_et_le_trop() -> None:
    publics = [Financement("municipal", D(15000)), Financement("federal", D(20000))]
    assert aide_maximale(D(100000), D(35000), D("0.90")) == D("55000.00")
    assert constat("R9", demande("55000", financements=publics)).conforme
    refuse = constat("R9", demande("60000", financements=publics))
    assert not refuse.conforme
    assert "5\u00a0000,00\u00a0$ de trop" in refuse.titre
    assert "95,00\u00a0%" in refuse.detail
    assert "55\u00a0000,00\u00a0$" in refuse.detail


@pytest.mark.parametrize(("apport", "conforme"), [("40000.00", True), ("40000.01", False), ("39999.99", False)])
def test_r13_equilibre_au_cent(apport: str, conforme: bool) -> None:
    assert constat("R13", demande("60000", financements=[Financement("promoteur", D(apport))])).conforme is conforme


@pytest.mark.parametrize(
    ("fin", "conforme"), [(date(2022, 3, 31), True), (date(2022, 4, 1), False), (date(2019, 1, 1), False)]
)
def test_r19_dates(fin: date, conforme: bool) -> None:
    assert constat("R19", demande("1", debut=date(2021, 1, 1), fin=fin, fin_max=date(2022, 3, 31))).conforme is conforme


def test_r24_note_ponderee() -> None:
    assert note_ponderee([(15, 15, 12), (50, 50, 40), (35, 35, 28)]) == D("80.00")
    assert note_ponderee([(15, 15, None), (50, 50, 40), (35, 35, 28)]) == D("80.00"), (
        "« Je ne sais pas » retire le critère"
    )
    assert note_ponderee([(15, 15, None)]) is None


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(1, 100), st.integers(0, 100)), min_size=1, max_size=6))
def test_r24_reste_entre_zero_et_cent(criteres: list[tuple[int, int, int]]) -> None:
    note = note_ponderee((poids, maximum, min(note, maximum)) for poids, maximum, note in criteres)
    assert D(0) <= note <= D(100)


@pytest.mark.parametrize(
    ("fin", "attendu"),
    [
        (date(2021, 1, 31), date(2021, 2, 28)),
        (date(2020, 12, 15), date(2021, 1, 15)),
        (date(2020, 1, 30), date(2020, 2, 29)),
    ],
)
def test_r32_un_mois_apres(fin: date, attendu: date) -> None:
    assert rapport_du_le(fin, 1) == attendu


def test_r33_solde_final() -> None:
    assert solde_final(octroi=D(50000), reel_admissible=D(52000), taux=D("0.90"), verse=D(45000)) == D("1800.00")
    assert solde_final(octroi=D(50000), reel_admissible=D(40000), taux=D("0.90"), verse=D(45000)) == D("-9000.00")
