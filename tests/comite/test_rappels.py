"""Rappels du comité : J−7, J−1, J+1 et J+7, une fois; rien pour une évaluation remise ou une demande déjà jugée."""

from datetime import datetime, timedelta

import pytest

from portail.rappels.evaluations import evaluations
from portail.rappels.paliers import paliers_evaluation
from projets.models import Evaluation
from socle.horloge import EST
from tests.comite.test_services import evaluation

pytestmark = pytest.mark.django_db
LIMITE = datetime(
    2030, 3, 9, tzinfo=EST
)  # exclusive : le dernier jour utile est le 8; l'heure avance dans la nuit du 9 au 10


@pytest.fixture
def sienne() -> Evaluation:
    Evaluation.objects.exclude(pk=evaluation().pk).update(limite=None)
    Evaluation.objects.filter(pk=evaluation().pk).update(limite=LIMITE, assignee_le=LIMITE - timedelta(days=40))
    return evaluation()


def dus(instant: datetime) -> list[tuple[str, tuple[str, ...]]]:
    return [(du.palier.nom, du.destinataires) for du in evaluations(instant)]


def test_les_paliers_sont_a_neuf_heures_locales() -> None:
    instants = {p.nom: p.instant.astimezone(EST) for p in paliers_evaluation(LIMITE, str(EST))}
    assert {nom: (i.day, i.hour) for nom, i in instants.items()} == {
        "J-7": (1, 9),
        "J-1": (7, 9),
        "J+1": (9, 9),
        "J+7": (15, 9),
    }


@pytest.mark.parametrize(
    ("jour", "heure", "palier"),
    [
        (1, 8, None),
        (1, 9, "J-7"),
        (7, 9, "J-1"),
        (8, 23, "J-1"),
        (9, 8, None),
        (9, 9, "J+1"),
        (15, 9, "J+7"),
        (24, 9, None),
    ],
)
def test_ce_qui_est_du(sienne: Evaluation, jour: int, heure: int, palier: str | None) -> None:
    trouves = dus(datetime(2030, 3, jour, heure, 1, tzinfo=EST))
    assert [nom for nom, _a in trouves] == ([palier] if palier else [])
    if palier == "J+7":
        assert trouves[0][1] == ("evaluation1@demo.example", "coordination@demo.example")
    elif palier:
        assert trouves[0][1] == ("evaluation1@demo.example",)


@pytest.mark.parametrize("etat", ["soumise", "retiree", "remplacee"])
def test_rien_pour_une_evaluation_qui_n_est_plus_attendue(sienne: Evaluation, etat: str) -> None:
    lien = "conflit" if etat == "retiree" else "aucun"
    Evaluation.objects.filter(pk=sienne.pk).update(
        etat=etat, lien=lien, soumise_le=LIMITE if etat == "soumise" else None
    )
    assert dus(datetime(2030, 3, 9, 9, 1, tzinfo=EST)) == []


def test_rien_pour_une_demande_deja_recommandee(sienne: Evaluation) -> None:
    type(sienne.projet).objects.filter(pk=sienne.projet_id).update(etat="recommande")
    assert dus(datetime(2030, 3, 9, 9, 1, tzinfo=EST)) == []
