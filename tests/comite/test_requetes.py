"""Le comité coûte le même nombre de requêtes pour peu et pour beaucoup d'objets."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appels.models import Appel
from comite.enums import GenrePoint
from comite.exports import contexte_cahier
from comite.models import Seance
from comite.requetes.assignation import apercu_equilibre
from comite.requetes.avancement import avancement, ecarts
from comite.services.seances import Point, ecrire_ordre_du_jour
from projets.models import Projet
from socle.horloge import maintenant
from tests.comite.test_services import acteur
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


def combien(geste: Callable[[], object]) -> int:
    geste()
    with CaptureQueriesContext(connection) as requetes:
        geste()
    return len(requetes)


@pytest.mark.parametrize(
    ("lecture", "budget"),
    [
        (lambda appel: avancement(appel, personne("coordination"), maintenant()), 9),
        (lambda appel: ecarts(appel, personne("coordination"), maintenant()), 10),
        (lambda appel: apercu_equilibre(appel, 3, maintenant()), 14),
    ],
)
def test_les_lectures_d_un_appel(lecture: Callable[[Appel], object], budget: int) -> None:
    petit = Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")
    grand = Appel.objects.select_related("entente__mandataire").get(code="02-2017-1")
    assert grand.projets.count() > 3 * petit.projets.filter(evaluations__isnull=False).distinct().count()
    Projet.objects.filter(appel=grand).update(etat="en_evaluation")
    comptes = [combien(lambda a=appel: lecture(a)) for appel in (petit, grand)]
    assert comptes[0] == comptes[1] <= budget


def test_la_page_de_l_avancement() -> None:
    c = client("coordination")
    comptes = [
        combien(
            lambda code=code: c.get(reverse("admin:comite_comiteappel_change", args=[Appel.objects.get(code=code).pk]))
        )
        for code in ("02-2024-1", "02-2017-1")
    ]
    assert comptes[0] == comptes[1] <= 24


def test_le_cahier_et_la_page_de_seance() -> None:
    seance = Seance.objects.select_related("appel", "entente__mandataire", "territoire").get(etat="preparee")
    projets = list(
        Projet.objects.filter(appel=seance.appel, etat__in=["en_evaluation", "recommande", "admissible"]).order_by("id")
    )
    c, cahiers, pages = client("evaluation1"), [], []
    for nombre in (1, 3):
        points = [Point(GenrePoint.PROJET, 5, projet) for projet in projets[:nombre]]
        ecrire_ordre_du_jour(seance=seance, points=points, **acteur("coordination"))
        cahiers.append(combien(lambda: contexte_cahier(fraiche(seance.pk), personne("evaluation1"), maintenant())))
        pages.append(combien(lambda: c.get(seance.get_absolute_url())))
    assert cahiers[0] == cahiers[1]
    assert pages[0] == pages[1] <= 17


def fraiche(cle: int) -> Seance:
    return (
        Seance.objects.select_related("appel", "entente__mandataire", "territoire")
        .prefetch_related("appel__criteres", "appel__phases_comite")
        .get(pk=cle)
    )
