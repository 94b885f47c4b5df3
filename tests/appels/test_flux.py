"""La liste publique filtrée, le fil Atom, l'agenda iCalendar (R20, R28)."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client
from icalendar import Calendar

from appels.models import Appel

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def titres(**filtres: str) -> set[str]:
    contexte = Client().get("/appels/", filtres).context
    return {appel.code for appel in [*contexte["ouverts"], *contexte["autres"]]}


def test_les_filtres_de_la_liste() -> None:
    tous = titres()
    assert titres(phase="ouvert") == {"02-2024-1", "02-2024-2"}
    assert titres(phase="annonce") == {"02-2017-1", "02-2017-2", "14-2017-1"}
    assert titres(territoire="Lanaudière") == {"14-2017-1"}
    assert titres(territoire="Lanaudière", phase="ouvert") == set()
    assert titres(phase="n'importe") == tous
    assert titres(q="saguenay", phase="annonce") == {"02-2017-1", "02-2017-2"}
    assert "ne correspond à ces choix" in Client().get("/appels/", {"territoire": "Lanaudière"}).content.decode()


def test_le_fil_atom_est_du_xml_et_ne_dit_que_le_public() -> None:
    Appel.objects.filter(code="14-2017-1").update(etat="brouillon")
    reponse = Client().get("/appels/fil.atom")
    racine = ElementTree.fromstring(reponse.content)
    entrees = racine.findall(f"{ATOM}entry")
    assert len(entrees) == 4
    assert all("/appels/02-" in entree.find(f"{ATOM}link").get("href") for entree in entrees)
    assert reponse["Content-Type"].startswith("application/atom+xml")
    prolonge = next(e for e in entrees if "02-2024-1" in e.find(f"{ATOM}id").text)
    quand = Appel.objects.get(code="02-2024-1").prolongations.first().instant
    assert datetime.fromisoformat(prolonge.find(f"{ATOM}updated").text) == quand.replace(microsecond=0)


def test_l_agenda_porte_l_echeance_a_la_seconde() -> None:
    agenda = Calendar.from_ical(Client().get("/appels/agenda.ics").content)
    evenements = {str(e["uid"]).split("@")[0]: e for e in agenda.walk("VEVENT")}
    appel = Appel.objects.get(code="02-2024-1")
    assert {uid for uid in evenements if uid.startswith("02-2024-1")} == {"02-2024-1-ouverture", "02-2024-1-echeance"}
    assert evenements["02-2024-1-echeance"].decoded("dtstart") == appel.fermeture.astimezone(UTC)
    assert len(evenements["02-2024-1-echeance"].subcomponents) == 1, "une alarme sept jours avant"


def test_l_agenda_porte_chaque_periode_de_depot() -> None:
    agenda = Calendar.from_ical(Client().get("/appels/agenda.ics").content)
    evenements = {str(e["uid"]).split("@")[0]: e for e in agenda.walk("VEVENT")}
    periodes = Appel.objects.get(code="02-2024-2").periodes.all()
    assert len(periodes) == 3
    for periode in periodes:
        fin = evenements[f"02-2024-2-echeance-{periode.rang}"]
        assert fin.decoded("dtstart") == periode.fermeture.astimezone(UTC)
        assert len(fin.subcomponents) == 1


def test_un_appel_annule_sort_de_l_agenda() -> None:
    Appel.objects.filter(entente__code="02-2024").update(etat="annule")
    assert not Calendar.from_ical(Client().get("/appels/agenda.ics").content).walk("VEVENT")
