"""La couverture du Québec (cible 3, R43) : les 104 MRC par les ententes 2017, et le drapeau quand il en manque une."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliances.models import Cycle, Entente, Mandataire
from alliances.requetes.couverture import couverture, mrc_du_mandataire
from socle.models import Mrc, Region
from socle.referentiel.rattachements import mrc_de_region

pytestmark = pytest.mark.django_db
JOUR = date(2019, 3, 1)


def cycle(code: str = "2017-2023") -> Cycle:
    return Cycle.objects.get(code=code)


def test_cible_3_les_104_mrc_sont_couvertes_par_les_ententes_2017() -> None:
    etat = couverture(cycle(), JOUR)
    assert (len(etat.rangees), etat.couvertes, etat.complete) == (104, 104, True)
    doubles = [rangee.mrc.nom for rangee in etat.rangees if len(rangee.ententes) != 1]
    assert doubles == []


@pytest.mark.parametrize(
    ("code", "manquantes"),
    [("13-2017", {"Laval"}), ("10C-2017", {"Kativik"}), ("11B-2017", {"Les Îles-de-la-Madeleine"}), ("PN-2017", set())],
)
@pytest.mark.parametrize("geste", ["effacer", "brouillon", "hors_dates"])
def test_r43_en_retirer_une_leve_le_drapeau(code: str, manquantes: set[str], geste: str) -> None:
    entente = Entente.objects.filter(code=code)
    if geste == "effacer":
        entente.get().priorites.all().delete()
        entente.get().instances.all().delete()
        entente.get().contacts.all().delete()
        entente.get().avenants.all().delete()
        for territoire in entente.get().territoires.all():
            territoire.delete()
        entente.delete()
    elif geste == "brouillon":
        entente.update(etat="brouillon")
    else:
        entente.update(debut=date(2020, 4, 1))
    etat = couverture(cycle(), JOUR)
    assert {mrc.nom for mrc in etat.non_couvertes} == manquantes
    assert etat.complete is (not manquantes)


@pytest.mark.parametrize(
    ("code", "attendues"),
    [
        ("10A", {"991"}),
        ("10B", {"993"}),
        ("10C", {"992"}),
        ("11A", {"02", "03", "04", "05", "06"}),
        ("11B", {"01"}),
        ("02", {"91", "92", "93", "941", "942"}),
        ("PN", set()),
    ],
)
def test_les_mrc_de_chaque_mandataire(code: str, attendues: set[str]) -> None:
    mandataire = Mandataire.objects.get(code=code)
    assert set(mrc_du_mandataire(mandataire, JOUR).values_list("code", flat=True)) == attendues
    etat = couverture(cycle(), JOUR)
    assert {m.code for m in etat.mrc_de(mandataire.ententes.get(cycle=cycle()))} == attendues


def test_deux_mrc_changent_de_region_le_8_juillet_2021() -> None:
    estrie, monteregie = Region.objects.get(code="05"), Region.objects.get(code="16")
    deplacees = {"46", "47"}

    def codes(region: Region, jour: date) -> set[str]:
        return set(mrc_de_region(region, jour).values_list("code", flat=True))

    assert deplacees <= codes(monteregie, date(2021, 7, 7))
    assert not deplacees & codes(estrie, date(2021, 7, 7))
    assert deplacees <= codes(estrie, date(2021, 7, 8))
    assert not deplacees & codes(monteregie, date(2021, 7, 8))
    for jour, code in ((date(2021, 7, 7), "16-2017"), (date(2021, 7, 8), "05-2017")):
        etat = couverture(cycle(), jour)
        assert etat.complete
        assert [r.ententes[0].code for r in etat.rangees if r.mrc.code == "46"] == [code]


def test_hors_du_cycle_rien_n_est_couvert() -> None:
    assert couverture(cycle(), date(2024, 4, 1)).couvertes == 0
    assert couverture(cycle("2010-2016"), date(2012, 1, 1)).couvertes == 0


def test_quatre_requetes_quel_que_soit_le_nombre_d_ententes() -> None:
    comptes = []
    for code in ("2017-2023", "2024-2029"):
        objet = cycle(code)
        with CaptureQueriesContext(connection) as requetes:
            couverture(objet, objet.debut)
        comptes.append(len(requetes))
    assert comptes == [4, 4]
    assert Mrc.objects.count() == 104
