"""« Ce qui bloque » : la prochaine séance, les points et qui appeler; chaque point a son geste."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appels.models import EtapeCalendrier
from comite.models import Seance
from portail.blocages import ce_qui_bloque, prochaine_seance
from projets.models import Evaluation, Projet
from projets.services.evaluations import assigner_evaluations
from socle.formats import jour_local
from socle.horloge import maintenant
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def etape() -> EtapeCalendrier:
    """La séance de la démonstration, dans deux jours."""
    etape = EtapeCalendrier.objects.get(appel__code="02-2024-1", libelle__startswith="Séance")
    etape.jour = jour_local(maintenant()) + timedelta(days=2)
    etape.save(update_fields=["jour"])
    return etape


def bloque(nom: str = "coordination"):
    return ce_qui_bloque(personne(nom), maintenant())


def test_chaque_point_dit_qui_appeler_et_ou_agir(etape: EtapeCalendrier) -> None:
    blocage, c = bloque(), client("coordination")
    assert blocage.titre.startswith("Ce qui bloque ")
    assert "dans 2\u00a0jours" in blocage.quoi
    titres = {p.titre.replace("\u00a0", " ") for p in blocage.points}
    assert "3 demandes à examiner" in titres
    assert "1 demande à confier" in titres
    assert any(titre.endswith("évaluation à recevoir") for titre in titres)
    pieces = [p for p in blocage.points if p.titre.startswith("Pièces")]
    assert pieces
    assert all(p.telephone and p.qui.startswith("Direction, ") for p in pieces)
    for point in blocage.points:
        assert c.get(point.url.partition("#")[0]).status_code == 200, point.url
    page = c.get("/admin/").content.decode()
    assert blocage.titre in page
    assert 'href="tel:+1' in page


def test_une_enveloppe_trop_demandee_se_dit_au_dollar(etape: EtapeCalendrier) -> None:
    projet = Projet.objects.filter(enveloppe__code="02-2024/MC", etat="recommande").first()
    Projet.objects.filter(pk=projet.pk).update(montant_demande=projet.enveloppe.disponible + 13_503)
    textes = [(p.titre.replace("\u00a0", " "), p.detail) for p in bloque().points]
    assert any("13 503 $ de plus que l’enveloppe" in titre for titre, _detail in textes)


def test_les_plus_graves_d_abord(etape: EtapeCalendrier) -> None:
    graves = [p.grave for p in bloque().points]
    assert graves == sorted(graves, reverse=True)
    assert True in graves


def test_sans_seance_rien_et_hors_de_la_portee_non_plus(etape: EtapeCalendrier) -> None:
    assert prochaine_seance(personne("coordination.lanaudiere"), maintenant()) is None
    assert bloque("coordination.lanaudiere") is None
    assert bloque("secretariat") is None
    etape.jour = jour_local(maintenant()) - timedelta(days=1)
    etape.save(update_fields=["jour"])
    Seance.objects.update(debut=maintenant() - timedelta(days=1))
    assert bloque() is None
    assert "Ce qui bloque" not in client("coordination").get("/admin/").content.decode()


def test_autant_de_requetes_pour_une_evaluation_que_pour_plusieurs(etape: EtapeCalendrier) -> None:
    def compter() -> int:
        auteur = personne("coordination")
        with CaptureQueriesContext(connection) as requetes:
            ce_qui_bloque(auteur, maintenant())
        return len(requetes)

    avant, restantes = compter(), Evaluation.objects.filter(etat="assignee").count()
    projet = Projet.objects.filter(appel__code="02-2024-1", etat="admissible").first()
    assigner_evaluations(
        projet=projet,
        evaluateurs=[personne("evaluation1"), personne("evaluation2")],
        auteur=personne("coordination"),
        instant=maintenant(),
    )
    assert Evaluation.objects.filter(etat="assignee").count() > restantes
    assert compter() == avant


def test_la_seance_preparee_passe_avant_une_etape_plus_lointaine(etape: EtapeCalendrier) -> None:
    """Son ordre du jour dit quelles demandes elle attend; levée, elle n'attend plus rien."""
    seance = Seance.objects.get(etat="preparee")
    Seance.objects.filter(pk=seance.pk).update(debut=maintenant() + timedelta(days=1))
    prochaine = prochaine_seance(personne("coordination"), maintenant())
    assert (prochaine.titre, prochaine.appel) == ("Séance du comité", seance.appel)
    attendues = set(seance.points.filter(projet__isnull=False).values_list("projet", flat=True))
    assert set(prochaine.projets.values_list("pk", flat=True)) <= attendues
    assert prochaine.projets.exists()
    Seance.objects.filter(pk=seance.pk).update(etat="levee", ouverte_le=maintenant(), levee_le=maintenant())
    assert prochaine_seance(personne("coordination"), maintenant()).titre == etape.libelle
