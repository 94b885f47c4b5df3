"""R30 : partager un montant ne perd ni n'invente un cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.argent import rapport, repartir

MONTANTS = st.decimals(min_value=0, max_value=10**9, places=2)
PARTS = st.lists(st.integers(min_value=1, max_value=100), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("montant", "parts", "attendu"),
    [
        ("348701", (1, 1, 1), ["116233.67", "116233.67", "116233.66"]),
        ("60001.01", (50, 40, 10), ["30000.51", "24000.40", "6000.10"]),
        ("0.01", (50, 50), ["0.01", "0.00"]),
    ],
)
def test_tranches_des_regles(montant: str, parts: tuple[int, ...], attendu: list[str]) -> None:
    assert repartir(Decimal(montant), parts) == [Decimal(v) for v in attendu]


@given(MONTANTS, PARTS)
def test_la_somme_des_tranches_est_le_montant(montant: Decimal, parts: list[int]) -> None:
    assert sum(repartir(montant, parts)) == montant


@given(MONTANTS, PARTS)
def test_chaque_tranche_sauf_la_derniere_est_au_demi_cent_pres(montant: Decimal, parts: list[int]) -> None:
    """Sauf quand des arrondis vers le haut ont épuisé le montant : il n'y a alors plus rien à donner."""
    total, tranches = sum(parts), repartir(montant, parts)
    for rang, (tranche, part) in enumerate(zip(tranches[:-1], parts[:-1], strict=True), start=1):
        assert abs(tranche - montant * part / total) <= Decimal("0.005") or sum(tranches[:rang]) == montant


def test_quelques_cents_entre_plusieurs_parts_ne_font_jamais_de_tranche_negative() -> None:
    assert repartir(Decimal("0.02"), (9, 9, 7, 1)) == [Decimal(v) for v in ("0.01", "0.01", "0", "0")]


def test_un_montant_negatif_ne_se_partage_pas() -> None:
    with pytest.raises(ValueError, match="positif"):
        repartir(Decimal("-0.01"), (1, 1))


@pytest.mark.parametrize("parts", [[], [0], [1, -1]])
def test_des_parts_impossibles_sont_refusees(parts: list[int]) -> None:
    with pytest.raises(ValueError, match="parts"):
        repartir(Decimal(10), parts)


@pytest.mark.parametrize(("n", "d", "attendu"), [("150", "115", "1.30"), ("160.5", "118.5", "1.35"), ("1", "0", None)])
def test_levier(n: str, d: str, attendu: str | None) -> None:
    assert rapport(Decimal(n), Decimal(d)) == (Decimal(attendu) if attendu else None)
