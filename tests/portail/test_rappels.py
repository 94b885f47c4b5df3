"""Trois genres de rappels, une fois chacun; un rattrapage n'envoie que le dernier manqué, jamais après l'échéance."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portail.rappels import battre
from portail.rappels.paliers import palier_du, paliers_brouillon, paliers_rapport
from projets.models import Projet, RapportProjet
from reddition.models import Reddition
from socle.horloge import EST
from socle.models import Courriel, Envoi, Rappel
from tests.outils.personnes import client

FERMETURE = datetime(2026, 11, 8, 5, tzinfo=UTC)


def test_neuf_heures_locales_malgre_le_changement_d_heure() -> None:
    """J−7 tombe avant le changement du 1er novembre 2026, J−1 après."""
    locaux = {p.nom: p.instant.astimezone(EST).hour for p in paliers_brouillon(FERMETURE, "America/Toronto")}
    assert {locaux[nom] for nom in ("J-30", "J-7", "J-1", "J")} == {9}


def test_un_rattrapage_ne_garde_que_le_dernier_manque() -> None:
    paliers = paliers_brouillon(FERMETURE, "America/Toronto")
    assert palier_du(paliers, FERMETURE - timedelta(days=2), FERMETURE).nom == "J-7"
    assert palier_du(paliers, FERMETURE, FERMETURE) is None
    assert (
        palier_du(paliers_rapport(date(2026, 1, 31), "America/Toronto"), datetime(2026, 2, 8, tzinfo=UTC)).nom == "J+7"
    )


@pytest.mark.django_db
def test_brouillon_une_seule_fois_puis_visible_dans_l_admin() -> None:
    projet = Projet.objects.get(etat="brouillon", entente__code="02-2024")
    instant = projet.appel.fermeture - timedelta(days=6)
    Rappel.objects.filter(genre="brouillon").delete()
    assert battre(instant) >= 1
    assert battre(instant) == 0, "deux battements n'envoient qu'une fois"
    rappel = Rappel.objects.get(genre="brouillon", objet_id=projet.pk, palier="J-7")
    assert "n’est pas encore déposée" in rappel.courriel.objet
    assert Envoi.objects.filter(cle=f"courriel:{rappel.courriel_id}").count() == 1
    assert "J-7" in client("coordination").get("/admin/socle/rappel/").content.decode()
    battre(projet.appel.fermeture + timedelta(minutes=1))
    assert set(Rappel.objects.filter(genre="brouillon").values_list("palier", flat=True)) == {"J-7"}


@pytest.mark.django_db
def test_une_prolongation_rearme() -> None:
    projet = Projet.objects.select_related("appel").get(etat="brouillon", entente__code="02-2024")
    battre(projet.appel.fermeture - timedelta(days=6))
    projet.appel.fermeture += timedelta(days=14)
    projet.appel.save(update_fields=["fermeture"])
    assert battre(projet.appel.fermeture - timedelta(days=6)) >= 1


@pytest.mark.django_db
def test_rapport_final_et_copie_a_la_coordination_en_retard() -> None:
    rapport = RapportProjet.objects.filter(entente__code="14-2017").order_by("id").first()
    instant = datetime(rapport.du_le.year, rapport.du_le.month, rapport.du_le.day, 20, tzinfo=UTC) + timedelta(days=8)
    assert battre(instant) >= 1
    destinataires = set(
        Rappel.objects.filter(genre="rapport", objet_id=rapport.pk, palier="J+7").values_list("destinataire", flat=True)
    )
    assert destinataires == {"organismes@demo.example", "coordination.lanaudiere@demo.example"}


@pytest.mark.django_db
def test_reddition_chaque_semaine_jusqu_au_depot() -> None:
    instant = datetime(2021, 4, 10, 15, tzinfo=UTC)
    battre(instant)
    genres = set(Rappel.objects.filter(genre="reddition").values_list("destinataire", "palier"))
    assert ("coordination.lanaudiere@demo.example", "S2") in genres
    assert Reddition.objects.filter(entente__code="02-2017", exercice="2020-2021", etat="acceptee").exists()
    assert not any(adresse == "coordination@demo.example" for adresse, _palier in genres), "déposée : rien à rappeler"
    assert Courriel.objects.filter(genre="rappels/reddition").count() == len(genres)
