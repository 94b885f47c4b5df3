"""Sommes, partages et levier de la reddition (R39, R40)."""

from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from reddition.regles import Identite, Rangee, grouper, partager, sommer
from socle.argent import repartir

D = Decimal
MONTANTS = st.decimals(min_value=0, max_value=10**9, places=2)
ACCORDES = st.lists(st.decimals(min_value=0, max_value=10**7, places=2), min_size=1, max_size=6)


def rangee(accorde: str = "0", partenaires: str = "0", **options: object) -> Rangee:
    valeurs = {
        "projet_id": 1,
        "enveloppe_id": 1,
        "enveloppe": "A",
        "priorite": "P",
        "accorde_exercice": D(accorde),
        "accorde_cumul": D(accorde),
        "verse_exercice": D(0),
        "verse_cumul": D(0),
        "partenaires_argent": D(partenaires),
        "partenaires_nature": D(0),
        "personnes": 0,
        "nouveau": True,
    }
    return Rangee(**{**valeurs, **options})


@pytest.mark.parametrize(
    ("fqis", "partenaires", "attendu"),
    [
        ("115", "150", "1.30"),
        ("118.5", "160.5", "1.35"),
        ("1000", "5", "0.01"),
        ("0", "150", None),
        ("-10", "150", None),
    ],
)
def test_r40_levier(fqis: str, partenaires: str, attendu: str | None) -> None:
    """Au centième, la demie vers le haut; inconnu quand rien n'est accordé, ou que l'exercice ne fait que reprendre."""
    assert sommer("T", [rangee(fqis, partenaires)]).levier == (D(attendu) if attendu else None)


@pytest.mark.parametrize(("levier", "ecrit"), [(None, "–"), (D("1.3"), "1,30")])
def test_r40_un_levier_inconnu_s_ecrit_tiret(levier: Decimal | None, ecrit: str) -> None:
    assert Template("{% load formats %}{{ v|nombre:2 }}").render(Context({"v": levier})) == ecrit


def test_r39_un_projet_a_deux_enveloppes_compte_une_fois() -> None:
    rangees = [rangee("10", enveloppe="A"), rangee("5", enveloppe="B", enveloppe_id=2), rangee("1", projet_id=2)]
    total = sommer("T", rangees)
    assert (total.projets, total.nouveaux, total.accorde) == (2, 2, D(16))
    assert [(s.libelle, s.projets, s.accorde) for s in grouper(rangees, "enveloppe", ["B", "A", "vide"])] == [
        ("B", 1, D(5)),
        ("A", 2, D(11)),
    ]


@pytest.mark.parametrize(
    ("montant", "accordes", "attendu"),
    [
        ("100.00", ["30000", "10000"], ["75.00", "25.00"]),
        ("0.01", ["1", "1"], ["0.01", "0.00"]),
        ("50.00", ["0", "10", "0"], ["0.00", "50.00", "0.00"]),
        ("50.00", ["0", "0"], ["50.00", "0.00"]),
        ("50.00", ["0"], ["50.00"]),
    ],
)
def test_partager_au_prorata(montant: str, accordes: list[str], attendu: list[str]) -> None:
    assert partager(D(montant), [D(a) for a in accordes]) == [D(a) for a in attendu]


@given(MONTANTS, ACCORDES)
def test_partager_conserve_le_montant(montant: Decimal, accordes: list[Decimal]) -> None:
    parts = partager(montant, accordes)
    assert len(parts) == len(accordes)
    assert sum(parts) == montant
    assert all(part >= 0 for part in parts)


@given(MONTANTS, ACCORDES.filter(any))
def test_partager_ne_donne_rien_a_qui_n_a_rien(montant: Decimal, accordes: list[Decimal]) -> None:
    for part, accorde in zip(partager(montant, accordes), accordes, strict=True):
        assert part == 0 or accorde > 0


@given(MONTANTS, st.lists(st.integers(1, 10**9), min_size=1, max_size=12))
def test_repartir_conserve_le_montant_et_reste_positif(montant: Decimal, parts: list[int]) -> None:
    tranches = repartir(montant, parts)
    assert sum(tranches) == montant
    assert all(tranche >= 0 for tranche in tranches)


def test_r39_une_identite_tient_au_cent() -> None:
    assert Identite("x", "X", D("10.00"), D("10.00")).tenu
    rompue = Identite("x", "X", D("10.00"), D("10.01"))
    assert not rompue.tenu
    assert rompue.ecart == D("-0.01")
