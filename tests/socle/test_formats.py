"""R44 à R46 : écrire et lire à la québécoise."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from socle import formats

I = "\u00a0"  # noqa: E741 — l'espace insécable, lisible dans les attendus


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [
        ("156278", f"156{I}278{I}$"),
        ("581785.42", f"581{I}785,42{I}$"),
        ("0", f"0{I}$"),
        ("-1859.99", f"−1{I}859,99{I}$"),
    ],
)
def test_argent(montant: str, attendu: str) -> None:
    assert formats.argent(Decimal(montant)).replace("-", "−") == attendu


def test_dates_et_heures() -> None:
    assert formats.date_longue(date(2019, 3, 1)).replace(I, " ") == "1er mars 2019"
    assert formats.date_longue(date(2020, 2, 7)).replace(I, " ") == "7 février 2020"
    assert formats.heure(datetime(2020, 2, 8, 4, 59, tzinfo=UTC)).replace(I, " ") == "23 h 59"


def test_le_filtre_de_date_de_django_ecrit_l_heure_comme_ici() -> None:
    """Django 5.2 écrit « 23 11 59 » en fr-ca sans nos formats."""
    rendu = Template("{{ t|time }}").render(Context({"t": datetime(2020, 2, 7, 23, 59, tzinfo=UTC).time()}))
    assert rendu.replace(I, " ") == "23 h 59"


def test_telephone_et_code_postal() -> None:
    assert formats.telephone("4184875453").replace(I, " ") == "418 487-5453"
    assert formats.code_postal("G1R4S9").replace(I, " ") == "G1R 4S9"


@given(st.from_regex(r"\A[2-9][0-9]{9}([0-9]{1,6})?\Z"))
def test_r45_un_telephone_ecrit_se_relit(range_: str) -> None:
    assert formats.lire_telephone(formats.telephone(range_)) == range_


@pytest.mark.parametrize("tape", ["1 418 487-5453", "14184875453", "(418) 487-5453 poste 12", "487-5453"])
def test_r45_un_telephone_tape_revient_tel_quel(tape: str) -> None:
    """Un formulaire refusé pour une autre raison ne défait pas ce qui est tapé."""
    assert formats.telephone(tape) == tape


@pytest.mark.parametrize(
    ("tape", "attendu"),
    [
        ("1 418 487-5453", "4184875453"),
        ("(418) 487.5453", "4184875453"),
        ("+1 418 487-5453 poste 12", "418487545312"),
        ("418\u00a0487-5453, poste\u00a012", "418487545312"),
        ("4184875453 x12", "418487545312"),
    ],
)
def test_r45_un_telephone_se_lit_largement(tape: str, attendu: str) -> None:
    assert formats.lire_telephone(tape) == attendu


@pytest.mark.parametrize("tape", ["487-5453", "418 487-5453 poste abc", "418 487-5453 poste 1234567", "n/d"])
def test_r45_un_telephone_illisible_se_cite(tape: str) -> None:
    with pytest.raises(formats.SaisieIllisible, match=f"«\u00a0{tape}\u00a0» n’est pas"):
        formats.lire_telephone(tape)


@pytest.mark.parametrize("neq", ["1190000001", "2290000001", "3390000001", "8890000001", "11 9000 0001"])
def test_neq_admis(neq: str) -> None:
    assert formats.lire_neq(neq) == neq.replace(" ", "")


@pytest.mark.parametrize("neq", ["1290000001", "119000000", "11900000011", "abcdefghij", "١١٩٠٠٠٠٠٠١"])
def test_neq_refuse(neq: str) -> None:
    with pytest.raises(formats.SaisieIllisible):
        formats.lire_neq(neq)


def test_pluriel_francais() -> None:
    assert formats.compter(0, "projet", "projets").replace(I, " ") == "0 projet"
    assert formats.compter(2, "projet", "projets").replace(I, " ") == "2 projets"
