"""Le bouton « ZIP des dossiers » d'un appel : il mène à la page qui nomme ce que l'archive contiendra, puis au travail."""

import re
from html import unescape

import pytest
from django.urls import reverse

from appels.models import Appel
from projets.models import Projet
from socle.models import Travail
from tests.outils.personnes import client

pytestmark = pytest.mark.django_db


def page(nom: str = "coordination") -> str:
    appel = Appel.objects.get(code="02-2024-1")
    return client(nom).get(reverse("admin:appels_appel_change", args=[appel.pk])).content.decode()


def formulaire(lue: str) -> tuple[str, dict[str, str]]:
    corps = next(f for f in re.findall(r"<form.*?</form>", lue, re.S) if "ZIP des dossiers" in f)
    champs = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', corps))
    champs.pop("csrfmiddlewaretoken", None)
    return unescape(re.search(r'action="([^"]+)"', corps).group(1)), champs


def test_le_bouton_mene_a_l_archive_de_toutes_les_demandes_de_l_appel() -> None:
    deposees = Projet.objects.filter(appel__code="02-2024-1", depose_le__isnull=False)
    lue = page()
    assert f"({deposees.count()} demandes)" in lue.replace("\u00a0", " ")
    action, champs = formulaire(lue)
    c = client("coordination")
    confirmation = c.post(action, champs)
    assert confirmation.status_code == 200
    assert set(confirmation.context_data["objets"].split(",")) == {str(p.pk) for p in deposees}
    assert confirmation.context_data["total_faits"] == deposees.count()
    fait = c.post(
        confirmation.context_data["adresse"],
        {"objets": confirmation.context_data["objets"], "confirmer": "1", "cle": confirmation.context_data["cle"]},
    )
    travail = Travail.objects.latest("pk")
    assert (fait.status_code, fait["Location"]) == (302, travail.get_absolute_url())
    assert travail.genre == "projets.archive"


def test_sans_demande_ou_sans_le_droit_pas_de_bouton() -> None:
    assert "ZIP des dossiers" not in page("agent")
    Projet.objects.filter(appel__code="02-2024-1").update(appel=Appel.objects.get(code="02-2024-3"))
    assert "ZIP des dossiers" not in page()
