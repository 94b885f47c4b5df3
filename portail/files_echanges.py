"""Files de l'accueil de l'admin pour les échanges : messages à lire, précisions en retard, précisions reçues."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from comptes.enums import Role
from projets.enums import EtatPrecision, EtatProjet
from projets.etats import PRECISABLES
from projets.models import DemandePrecision, Projet
from projets.requetes import projets_au_courrier
from socle.admin.actes import adresse_lecture
from socle.formats import jour_long
from socle.horloge import maintenant

Rangee = tuple[str, str, str]  # titre, adresse, détail


def files_des_echanges(utilisateur: Any) -> Iterator[tuple[str, str, QuerySet, str, Callable[[Any], Rangee]]]:
    """(titre, geste, objets, adresse de la liste, objet → rangée), pour la coordination."""
    if not utilisateur.portees.a_role(Role.COORDINATION):
        return
    liste = reverse("admin:projets_projet_changelist")
    demandes = DemandePrecision.objects.visibles_pour(utilisateur).select_related("projet__organisme")
    yield (
        _("Messages non lus"),
        _("Lire et répondre à l’organisme."),
        projets_au_courrier(utilisateur).select_related("organisme"),
        liste,
        _message,
    )
    yield (
        _("Précisions en retard"),
        _("Prolonger le délai, écrire à l’organisme, ou annuler."),
        demandes.filter(etat=EtatPrecision.OUVERTE, limite__lte=maintenant(), projet__etat__in=PRECISABLES),
        f"{liste}?precisions=retard",
        _precision,
    )
    yield (
        _("Précisions reçues, à relire"),
        _("Lire ce qui a changé, puis poursuivre l’examen."),
        demandes.filter(etat=EtatPrecision.REPONDUE, projet__etat=EtatProjet.DEPOSE),
        f"{liste}?precisions=recues",
        _precision,
    )


def _message(projet: Projet) -> Rangee:
    return str(projet), reverse("admin:projets_projet_messages", args=[projet.pk]), str(projet.organisme)


def _precision(demande: DemandePrecision) -> Rangee:
    quand = demande.repondue_le or demande.derniere_minute
    return str(demande.projet), f"{adresse_lecture(demande.projet)}#precisions", jour_long(quand)
