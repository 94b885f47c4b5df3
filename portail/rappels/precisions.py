"""Rappels d'une demande de précision : J−3, J−1 et le jour même à 9 h; le lendemain, le retard est dit des deux côtés."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from alliances.requetes.adresses import coordinations
from comptes.requetes import courriels_des_membres
from portail.rappels.communs import Du
from portail.rappels.paliers import palier_du, paliers_precision
from projets.enums import EtatPrecision
from projets.etats import PRECISABLES
from projets.models import DemandePrecision
from socle import courriels

AVANCE, RECUL = timedelta(days=4), timedelta(days=8)


def precisions(instant: datetime) -> Iterator[Du]:
    """Demandes ouvertes dont la limite approche ou vient de passer; celle d'un dossier plus avancé ne se rappelle pas."""
    dues = list(
        DemandePrecision.objects.filter(
            etat=EtatPrecision.OUVERTE,
            projet__etat__in=PRECISABLES,
            limite__gt=instant - RECUL,
            limite__lte=instant + AVANCE,
        ).select_related("projet__appel", "projet__organisme", "entente__mandataire")
    )
    membres = courriels_des_membres({demande.projet.organisme_id for demande in dues})
    adresses = coordinations({demande.entente.mandataire_id for demande in dues}, instant)
    for demande in dues:
        projet, mandataire = demande.projet, demande.entente.mandataire
        palier = palier_du(paliers_precision(demande.limite, projet.appel.fuseau), instant)
        if palier is None or palier.instant < demande.demandee_le:
            continue
        retard = demande.en_retard(instant)
        if retard != (palier.nom == "J+1"):
            continue
        yield Du(
            "precision",
            demande,
            palier,
            demande.limite,
            membres.get(projet.organisme_id, ()) + (adresses.get(mandataire.pk, ()) if retard else ()),
            (_("Réponse en retard : {numero}") if retard else _("Précisions à donner : {numero}")).format(
                numero=projet.numero
            ),
            {
                "projet": projet,
                "appel": projet.appel,
                "demande": demande,
                "retard": retard,
                "lien": courriels.adresse_absolue(demande.get_absolute_url()),
            },
            mandataire.code,
        )
