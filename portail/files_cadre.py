"""Files de l'accueil de l'admin pour le plan et la gouvernance : plans à déposer, avis en retard, sièges, drapeau R43."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.models import AvisSectoriel, Entente, PlanTravail, SiegeVecu
from alliances.requetes.gouvernance import avis_attendus, ententes_sans_vecu, sieges_vacants
from alliances.requetes.plans import plans_a_travailler
from comptes.enums import Role
from socle.admin.actes import adresse_lecture
from socle.formats import date_longue
from socle.horloge import aujourd_hui

Rangee = tuple[str, str, str]  # titre, adresse, détail


def files_du_cadre(utilisateur: Any) -> Iterator[tuple[str, str, QuerySet | list, str, Callable[[Any], Rangee]]]:
    """(titre, geste, objets, adresse de la liste, objet → rangée), pour la coordination."""
    if not utilisateur.portees.a_role(Role.COORDINATION):
        return
    jour = aujourd_hui()
    sans_vecu = ententes_sans_vecu(Entente.objects.visibles_pour(utilisateur), jour)
    comites = reverse("admin:alliances_comite_changelist")
    yield (
        _("Drapeau rouge : aucune personne experte de vécu"),
        _("Pourvoir un siège dans un comité de l’entente."),
        sans_vecu,
        comites,
        _entente,
    )
    yield (
        _("Plans de travail à déposer"),
        _("Écrire, corriger, déposer au ministère."),
        plans_a_travailler(utilisateur),
        f"{reverse('admin:alliances_plantravail_changelist')}?etat__exact=brouillon",
        _plan,
    )
    yield (
        _("Avis sectoriels en retard"),
        _("Relancer, inscrire l’avis ou le classer."),
        avis_attendus(utilisateur, jour),
        f"{reverse('admin:alliances_avissectoriel_changelist')}?retard=oui",
        _avis,
    )
    yield (
        _("Sièges de vécu à pourvoir"),
        _("Inviter, puis changer l’état du siège."),
        sieges_vacants(utilisateur, jour).exclude(entente__in=sans_vecu),
        comites,
        _siege,
    )


def _entente(entente: Entente) -> Rangee:
    return entente.code, f"{reverse('admin:alliances_comite_changelist')}?entente__id__exact={entente.pk}", ""


def _plan(plan: PlanTravail) -> Rangee:
    if plan.depose_le is not None:
        detail = _("Retourné par le ministère avec un commentaire")
    elif plan.echeance is not None:
        detail = _("À déposer au plus tard le {date}").format(date=date_longue(plan.echeance))
    else:
        detail = _("Sans échéance")
    return str(plan), adresse_lecture(plan), detail


def _avis(avis: AvisSectoriel) -> Rangee:
    sujet = avis.dossier or str(avis.plan)
    return avis.destinataire, adresse_lecture(avis), f"{sujet} – {date_longue(avis.attendu_le)}"


def _siege(siege: SiegeVecu) -> Rangee:
    return str(siege.comite), adresse_lecture(siege.comite), f"{siege.entente} – {siege.get_etat_display()}"
