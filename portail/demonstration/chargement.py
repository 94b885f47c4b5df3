"""Charger toute la démonstration, une fois; la relancer ne change rien, sauf l'appel ouvert qui suit le jour."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from alliances.services.publications import charger_publications
from appels.models import Appel
from appels.services.guide import demander_documents
from portail.demonstration.alliance02 import charger_alliance_02
from portail.demonstration.appel_courant import charger_appel_courant
from portail.demonstration.appels_prepares import charger_appels_prepares
from portail.demonstration.attente import charger_attente
from portail.demonstration.comite import charger_comite
from portail.demonstration.comptes import affecter_agents, charger_comptes
from portail.demonstration.contrats import charger_contrats
from portail.demonstration.decisions import charger_decisions
from portail.demonstration.echanges import charger_echanges
from portail.demonstration.file_de_travail import charger_file_de_travail
from portail.demonstration.lanaudiere import charger_lanaudiere
from portail.demonstration.organisme_vivant import charger_organisme_vivant
from portail.demonstration.seance_tenue import charger_seance_tenue
from portail.demonstration.territoires import charger_territoires
from socle.models import Courriel, Envoi, Travail
from socle.models.boite import EtatCourriel, EtatEnvoi

RECENT = timedelta(days=1)


@transaction.atomic
def charger_demonstration(instant: datetime) -> None:
    """Publications, comptes, ententes 02 et 14, appel du jour. Tout ou rien."""
    charger_publications(instant)
    personnes = charger_comptes()
    charger_alliance_02(personnes)
    charger_lanaudiere(personnes)
    charger_appel_courant(personnes, instant)
    charger_contrats(personnes, instant)
    charger_echanges(personnes, instant)
    charger_organisme_vivant(personnes, instant)
    charger_appels_prepares(personnes, instant)
    charger_comite(personnes, instant)
    charger_seance_tenue(personnes, instant)
    charger_territoires()
    affecter_agents(personnes)
    charger_file_de_travail(personnes, instant)
    charger_decisions(personnes, instant)
    charger_attente(personnes, instant)
    taire_le_passe(instant)
    for appel in Appel.objects.ouverts(instant).select_related("entente__mandataire"):
        demander_documents(appel, instant=instant)


def taire_le_passe(instant: datetime) -> None:
    """Un courriel d'il y a six ans ne part pas aujourd'hui; les PDF du passé se préparent à la demande."""
    limite = instant - RECENT
    passes = Envoi.objects.filter(cree_le__lt=limite, etat=EtatEnvoi.EN_ATTENTE)
    passes.filter(tache="socle.envoyer_courriel").update(etat=EtatEnvoi.FAIT, fait_le=instant)
    Courriel.objects.filter(cree_le__lt=limite, etat=EtatCourriel.A_ENVOYER).update(etat=EtatCourriel.ENVOYE)
    travaux = Travail.objects.filter(
        Q(genre__startswith="projets.") | Q(genre__in=["appels.guide", "appels.formulaire"]),
        demande_le__lt=limite,
        fichier__isnull=True,
    )
    Envoi.objects.filter(cle__in=[f"travail:{pk}" for pk in travaux.values_list("pk", flat=True)]).delete()
    travaux.delete()
