"""Les appels ailleurs : fil Atom et agenda iCalendar. Des données, tirées des mêmes appels que la liste publique."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from appels.enums import ModeDepot
from appels.models import Appel
from socle.courriels import adresse_absolue
from socle.formats import echeance_en_mots

AVANT_L_ECHEANCE = timedelta(days=7)


def fil_atom(appels: Iterable[Appel]) -> str:
    """Un appel par entrée, daté de son ouverture, ou de sa dernière prolongation; l'échéance en mots dans le résumé."""
    fil = Atom1Feed(
        title=_("Appels de projets des Alliances pour la solidarité"),
        link=adresse_absolue(reverse("appels:liste")),
        feed_url=adresse_absolue(reverse("appels:atom")),
        description="",
        language="fr-ca",
    )
    for appel in appels:
        fil.add_item(
            title=f"{appel.titre} – {appel.entente.mandataire.territoire}",
            link=adresse_absolue(appel.get_absolute_url()),
            description=_("{resume} Dépôt jusqu’au {echeance}.").format(
                resume=appel.resume, echeance=appel.echeance_en_mots
            ),
            categories=(appel.terme,),
            unique_id=adresse_absolue(appel.get_absolute_url()),
            pubdate=appel.ouverture,
            updateddate=max(appel.ouverture, getattr(appel, "prolonge_le", None) or appel.ouverture),
        )
    return fil.writeString("utf-8")


def calendrier(appels: Iterable[Appel], instant: datetime) -> bytes:
    """L'ouverture et l'échéance de chaque appel (R20 : l'instant exclusif), avec une alarme sept jours avant."""
    agenda = Calendar()
    agenda.add("prodid", "-//Alliances pour la solidarité//Appels de projets//FR")
    agenda.add("version", "2.0")
    agenda.add("x-wr-calname", _("Appels de projets des Alliances"))
    for appel in appels:
        for suffixe, ouverture, fermeture in _periodes(appel, instant):
            for genre, titre, quand in (
                ("ouverture", _("Ouverture : {titre}"), ouverture),
                ("echeance", _("Fin du dépôt : {titre}"), fermeture),
            ):
                agenda.add_component(
                    _evenement(appel, genre + suffixe, titre.format(titre=appel.titre), quand, fermeture, instant)
                )
    return agenda.to_ical()


def _periodes(appel: Appel, instant: datetime) -> list[tuple[str, datetime, datetime]]:
    """(suffixe, ouverture, fermeture) de l'appel, ou de chacune de ses périodes pas encore finies."""
    if appel.mode != ModeDepot.PERIODES:
        return [("", appel.ouverture, appel.fermeture)]
    return [(f"-{p.rang}", p.ouverture, p.fermeture) for p in appel.periodes.all() if p.fermeture > instant]


def _evenement(appel: Appel, genre: str, titre: str, quand: datetime, fermeture: datetime, instant: datetime) -> Event:
    evenement = Event()
    evenement.add("uid", f"{appel.code}-{genre}@alliances-solidarite")
    evenement.add("summary", titre)
    evenement.add("dtstart", quand.astimezone(UTC))
    evenement.add("dtstamp", instant.astimezone(UTC))
    evenement.add("url", adresse_absolue(appel.get_absolute_url()))
    evenement.add(
        "description", _("Dépôt jusqu’au {echeance}.").format(echeance=echeance_en_mots(fermeture, appel.fuseau))
    )
    if genre.startswith("echeance"):
        alarme = Alarm()
        alarme.add("action", "DISPLAY")
        alarme.add("description", titre)
        alarme.add("trigger", -AVANT_L_ECHEANCE)
        evenement.add_component(alarme)
    return evenement
