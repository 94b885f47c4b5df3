"""Les échéances qui s'en viennent, pour l'accueil de la coordination."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from alliances.requetes.plans import plans_a_travailler
from appels.models import Appel
from projets.enums import EtatRapport
from projets.models import RapportProjet
from projets.models.projet import portee_projet
from socle.admin.actes import adresse_lecture
from socle.formats import compter
from socle.horloge import EST

JOURS, MONTREES = 30, 12


@dataclass(frozen=True)
class Echeance:
    """Un jour, ce qui tombe, sur quoi, où agir."""

    jour: date
    titre: str
    objet: str
    url: str
    dans: str


def echeances(utilisateur: Any, instant: datetime) -> list[Echeance]:
    """Fins d'appel, plans à déposer et rapports finaux des trente prochains jours, les plus proches d'abord (trois requêtes)."""
    return sorted(_toutes(utilisateur, instant), key=lambda e: (e.jour, e.objet))[:MONTREES]


def _toutes(utilisateur: Any, instant: datetime) -> Iterator[Echeance]:
    jour = instant.astimezone(EST).date()
    limite = instant + timedelta(days=JOURS)
    for appel in (
        Appel.objects.visibles_pour(utilisateur).publics().filter(fermeture__gt=instant, fermeture__lte=limite)
    ):
        dernier = appel.echeance_affichee.astimezone(EST).date()
        yield Echeance(dernier, _("Fin du dépôt"), appel.titre, adresse_lecture(appel), _dans(dernier, jour))
    for plan in plans_a_travailler(utilisateur).filter(echeance__gte=jour, echeance__lte=limite.date()):
        yield Echeance(plan.echeance, _("Plan à déposer"), str(plan), adresse_lecture(plan), _dans(plan.echeance, jour))
    rapports = (
        RapportProjet.objects.visibles_pour(utilisateur)
        .filter(
            portee_projet(utilisateur, "convention__projet__"),  # un agent : son territoire seulement
            etat__in=[EtatRapport.BROUILLON, EtatRapport.A_CORRIGER],
            du_le__gte=jour,
            du_le__lte=limite.date(),
        )
        .select_related("convention__projet__organisme")
        .order_by("du_le", "id")
    )
    for rapport in rapports[:MONTREES]:
        projet = rapport.convention.projet
        objet = f"{projet.numero} {projet.organisme}"
        yield Echeance(rapport.du_le, _("Rapport final"), objet, adresse_lecture(projet), _dans(rapport.du_le, jour))


def _dans(quand: date, jour: date) -> str:
    return compter((quand - jour).days, "jour", "jours")
