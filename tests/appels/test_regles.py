"""Règles pures des appels : conditions des pièces (R36, R37), dates décalées, gel, gravités."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliances.parametres import ParametresAide
from appels.enums import EtatAppel, Famille
from appels.enums import GenreCondition as G
from appels.regles.calendrier import decaler_instant, decaler_jour, est_ouvrable
from appels.regles.conditions import Circonstances, Condition, conditions_en_mots, exigee, seuil_francisation
from appels.regles.gel import raison_du_gel
from appels.requetes.publics import aplatir
from projets.regles import Demande, Depense, Financement, constat_nombre, evaluer

D = Decimal
MONTANT = Condition(G.MONTANT, seuil=D(50_000))
FORME = Condition(G.FORME, valeurs=("obnl", "cooperative"))
EFFECTIF = Condition(G.EFFECTIF, seuil=D(25))
DOSSIER = Condition(G.DOSSIER)


@pytest.mark.parametrize(
    ("conditions", "connues", "attendu"),
    [
        ([], Circonstances(), True),
        ([MONTANT], Circonstances(montant=D("50000.00")), True),
        ([MONTANT], Circonstances(montant=D("49999.99")), False),
        ([MONTANT], Circonstances(), None),
        ([FORME], Circonstances(forme="obnl"), True),
        ([FORME], Circonstances(forme="municipal"), False),
        ([FORME, MONTANT], Circonstances(forme="municipal"), False),
        ([FORME, MONTANT], Circonstances(forme="obnl"), None),
        ([FORME, MONTANT], Circonstances(forme="obnl", montant=D(60_000)), True),
        ([EFFECTIF], Circonstances(effectif=24), False),
        ([EFFECTIF], Circonstances(effectif=25), True),
        ([EFFECTIF], Circonstances(), None),
        ([DOSSIER], Circonstances(fournies=frozenset()), True),
        ([DOSSIER], Circonstances(fournies=frozenset({"statuts"})), False),
        ([DOSSIER], Circonstances(), None),
        ([Condition(G.NATURE, valeurs=("recherche",))], Circonstances(nature="intervention"), False),
    ],
)
def test_r36_r37_une_piece_s_exige_selon_ce_qu_on_sait(conditions, connues, attendu) -> None:
    assert exigee("statuts", conditions, connues) is attendu


@given(
    st.lists(st.sampled_from([MONTANT, FORME, EFFECTIF, DOSSIER]), max_size=4),
    st.builds(
        Circonstances,
        forme=st.sampled_from([None, "obnl", "municipal"]),
        montant=st.one_of(st.none(), st.decimals(min_value=0, max_value=100_000, places=2)),
        effectif=st.one_of(st.none(), st.integers(0, 100)),
    ),
)
def test_une_condition_de_plus_n_exige_jamais_davantage(conditions, connues) -> None:
    avant = exigee("x", conditions, connues)
    apres = exigee("x", [*conditions, MONTANT], connues)
    assert apres is not True or avant is True
    assert avant is not False or apres is False


@pytest.mark.parametrize("condition", [MONTANT, FORME, EFFECTIF, DOSSIER, Condition(G.NATURE, valeurs=("recherche",))])
def test_une_condition_ecrite_se_relit(condition: Condition) -> None:
    assert Condition.lire(condition.ecrire()) == condition
    assert condition.en_mots.startswith("si ")


@pytest.mark.parametrize("ecrite", [{"genre": "humeur"}, {"genre": "forme"}, {"genre": "montant"}])
def test_une_condition_mal_ecrite_se_refuse(ecrite: dict) -> None:
    with pytest.raises(ValueError):
        Condition.lire(ecrite)


def test_les_conditions_se_disent_en_mots() -> None:
    assert conditions_en_mots([]) == ""
    mots = conditions_en_mots([FORME, MONTANT]).replace("\u00a0", " ")
    assert mots.startswith("Si l’organisme est de l’une de ces formes : organisme à but non lucratif")
    assert mots.endswith(", et si l’aide demandée est d’au moins 50 000 $")


def test_r37_le_seuil_suit_la_date() -> None:
    assert (seuil_francisation(date(2025, 5, 31)), seuil_francisation(date(2025, 6, 1))) == (50, 25)


@pytest.mark.parametrize(
    ("jour", "annees", "jours", "attendu"),
    [
        (date(2024, 2, 29), 1, 0, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, 0, date(2028, 2, 29)),
        (date(2020, 2, 7), 1, 0, date(2021, 2, 7)),
        (date(2020, 2, 7), 1, -2, date(2021, 2, 5)),
        (date(2020, 12, 31), 0, 1, date(2021, 1, 1)),
    ],
)
def test_une_date_se_decale_sans_29_fevrier_casse(jour: date, annees: int, jours: int, attendu: date) -> None:
    assert decaler_jour(jour, annees, jours) == attendu


def test_minuit_reste_minuit_et_le_dernier_jour_le_meme() -> None:
    """« 29 février à minuit » : le dernier jour utile, pas le 1er mars, se décale; l'heure locale survit au changement d'heure."""
    minuit = datetime(2024, 3, 1, tzinfo=ZoneInfo("America/Toronto"))
    assert decaler_instant(minuit, "America/Toronto", 1) == datetime(2025, 3, 1, 5, tzinfo=UTC)
    avant = datetime(2026, 3, 1, 14, tzinfo=UTC)  # 9 h à Toronto, heure normale
    assert decaler_instant(avant, "America/Toronto", 0, 14) == datetime(2026, 3, 15, 13, tzinfo=UTC)
    iles = datetime(2020, 2, 8, 4, tzinfo=UTC)
    assert decaler_instant(iles, "America/Halifax", 1) == datetime(2021, 2, 8, 4, tzinfo=UTC)


def test_est_ouvrable() -> None:
    assert est_ouvrable(date(2026, 11, 24))
    assert not est_ouvrable(date(2026, 11, 28))
    assert not est_ouvrable(date(2026, 12, 25), frozenset({date(2026, 12, 25)}))


LIBRES = {
    *(Famille.RENSEIGNEMENTS, Famille.CALENDRIER, Famille.COMITE, Famille.CONTACT, Famille.GUIDE, Famille.FORMULAIRE)
}


@pytest.mark.parametrize("etat", EtatAppel)
@pytest.mark.parametrize("famille", Famille)
def test_decision_8_ce_qui_se_modifie_dans_chaque_etat(etat: EtatAppel, famille: Famille) -> None:
    libre = etat == EtatAppel.BROUILLON or (famille in LIBRES and etat not in {EtatAppel.ANNULE, EtatAppel.ANNONCE})
    assert (raison_du_gel(etat, famille) is None) is libre


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("Saguenay–Lac-Saint-Jean", "saguenay lac saint jean"),
        ("L’Île-d’Orléans", "l ile d orleans"),
        ("  Été ", "ete"),
        ("%", ""),
    ],
)
def test_chercher_ignore_accents_tirets_et_apostrophes(ecrit: str, attendu: str) -> None:
    assert aplatir(ecrit) == attendu


def _constats(aide: ParametresAide, **demande) -> dict[str, bool]:
    valeurs = {
        "montant": D(60_000),
        "depenses": [Depense("salaires", D(90_000)), Depense("administration", D(10_000))],
        "financements": [Financement("promoteur", D(10_000)), Financement("autre", D(30_000))],
        "debut": date(2026, 1, 1),
        "fin": date(2026, 12, 31),
    }
    lus = evaluer(Demande(**{**valeurs, **demande}), aide)
    return {f"{c.regle}:{c.titre}".replace("\u00a0", " "): c.conforme for c in lus if c.regle in {"R10", "R11", "R19"}}


def test_r10_la_mise_de_fonds_au_cent() -> None:
    assert _constats(ParametresAide(mise_min=D("0.10"))) == {"R10:mise de fonds de l’organisme": True}
    manque = _constats(ParametresAide(mise_min=D("0.1001")))
    assert manque == {"R10:Mise de fonds : il manque 10,00 $": False}


def test_r11_les_frais_d_administration_au_cent() -> None:
    assert _constats(ParametresAide(administration_max=D("0.10"))) == {"R11:frais d’administration": True}
    assert _constats(ParametresAide(administration_max=D("0.0999"))) == {
        "R11:Frais d’administration : 10,00 $ de trop": False
    }


def test_r19_la_duree_en_mois_entiers() -> None:
    assert _constats(ParametresAide(duree_max_mois=12)) == {"R19:durée du projet": True}
    assert _constats(ParametresAide(duree_max_mois=12), fin=date(2027, 1, 1)) == {
        "R19:Le projet dure plus de 12 mois": False
    }


def test_le_nombre_de_demandes_par_organisme() -> None:
    assert constat_nombre(5, ParametresAide()) is None
    deux = ParametresAide(par_organisme=2)
    assert [constat_nombre(n, deux).conforme for n in (0, 1, 2)] == [True, True, False]


def test_les_parametres_neufs_s_ecrivent_et_se_relisent() -> None:
    aide = ParametresAide(mise_min=D("0.1"), administration_max=D("0.15"), duree_max_mois=24, par_organisme=2)
    assert ParametresAide.lire(aide.ecrire()) == aide
    assert ParametresAide.lire({"duree_max_mois": None}, aide).duree_max_mois is None
