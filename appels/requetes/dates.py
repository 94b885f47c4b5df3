"""Les dates d'un appel qui tombent un jour où personne ne répond : fin de semaine ou jour férié."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from appels.enums import ModeDepot
from appels.models import Appel
from appels.regles.calendrier import est_ouvrable
from socle.formats import date_avec_jour, derniere_minute, jour_local
from socle.models import JourFerie


def dates_a_signaler(appel: Appel) -> list[str]:
    """« Fin du dépôt : samedi 7 février 2026 », pour chaque date non ouvrable de l'appel (une requête)."""
    dates = list(_dates(appel))
    feries = dict(JourFerie.objects.filter(jour__in=[jour for _nom, jour in dates]).values_list("jour", "nom"))
    return [
        f"{nom} : {date_avec_jour(jour)}" + (f" ({feries[jour]})" if jour in feries else "")
        for nom, jour in dates
        if not est_ouvrable(jour, frozenset(feries))
    ]


def _dates(appel: Appel) -> Iterator[tuple[Any, date]]:
    periodes = list(appel.periodes.all()) if appel.mode == ModeDepot.PERIODES else [appel]
    for periode in periodes:
        yield _("Ouverture"), jour_local(periode.ouverture, appel.fuseau)
        yield _("Fin du dépôt"), jour_local(derniere_minute(periode.fermeture), appel.fuseau)
        if periode.reponse_visee:
            yield _("Réponse visée"), periode.reponse_visee
    for etape in appel.etapes.all():
        if etape.jour and not etape.jusqua:
            yield etape.libelle, etape.jour
