"""Rappels du plan de travail : J−30, J−7, J et J+7 à la coordination, tant qu'il n'est pas déposé."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.requetes.adresses import coordinations
from alliances.requetes.plans import plans_a_rappeler
from portail.rappels.communs import AVANCE, Du
from portail.rappels.paliers import palier_du, paliers_plan
from socle import courriels
from socle.horloge import EST

RECUL = timedelta(days=37)  # trente jours après J+7, un plan oublié ne se rappelle plus


def plans(instant: datetime) -> Iterator[Du]:
    """Plans en brouillon dont l'échéance approche ou vient de passer, à 9 h, heure du territoire."""
    jour = instant.astimezone(EST).date()
    dus = list(plans_a_rappeler(jour - RECUL, jour + AVANCE))
    adresses = coordinations({plan.entente.mandataire_id for plan in dus}, instant)
    for plan in dus:
        mandataire = plan.entente.mandataire
        paliers = paliers_plan(plan.echeance, plan.territoire.fuseau if plan.territoire else mandataire.fuseau)
        palier = palier_du(paliers, instant)
        if palier is None or palier.instant < plan.cree_le:
            continue
        yield Du(
            "plan",
            plan,
            palier,
            next(p.instant for p in paliers if p.nom == "J"),
            adresses.get(mandataire.pk, ()),
            _("Plan de travail à déposer : entente {entente}").format(entente=plan.entente.code),
            {
                "plan": plan,
                "retard": plan.echeance < jour,
                "lien": courriels.adresse_absolue(reverse("admin:alliances_plantravail_change", args=[plan.pk])),
            },
            mandataire.code,
        )
