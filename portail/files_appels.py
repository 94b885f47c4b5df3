"""Files de l'accueil de l'admin pour les appels : questions sans réponse, publications refusées, pannes à rendre."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from appels.enums import EtatAppel, EtatQuestion
from appels.etats import ANNONCABLES
from appels.models import Appel
from appels.requetes.pannes import prolongation_proposee
from comptes.enums import Role
from portail.files_cadre import Rangee
from socle.admin.actes import adresse_lecture
from socle.formats import compter, fin_exclusive
from socle.horloge import maintenant


def files_des_appels(utilisateur: Any) -> Iterator[tuple[str, str, QuerySet | list, str, Callable[[Any], Rangee]]]:
    """(titre, geste, objets, adresse de la liste, objet → rangée), pour la coordination."""
    if not utilisateur.portees.a_role(Role.COORDINATION):
        return
    liste, instant = reverse("admin:appels_appel_changelist"), maintenant()
    appels = Appel.objects.visibles_pour(utilisateur).order_by("fermeture")
    yield (
        _("Questions du public à répondre"),
        _("Répondre, ou écarter."),
        appels.annotate(n=Count("questions", filter=Q(questions__etat=EtatQuestion.RECUE))).filter(n__gt=0),
        liste,
        lambda a: (
            a.titre,
            reverse("admin:appels_appel_questions", args=[a.pk]),
            compter(a.n, "question", "questions"),
        ),
    )
    yield (
        _("Publications programmées refusées"),
        _("Corriger ce qui manque, puis publier."),
        appels.filter(etat=EtatAppel.BROUILLON).exclude(publication_echec=""),
        liste,
        lambda a: (a.titre, reverse("admin:appels_appel_preparer", args=[a.pk]), a.publication_echec[:120]),
    )
    yield (
        _("Annonces programmées refusées"),
        _("Corriger, puis annoncer."),
        appels.filter(etat__in=ANNONCABLES).exclude(annonce_echec=""),
        liste,
        lambda a: (a.titre, reverse("admin:appels_appel_annoncer", args=[a.pk]), a.annonce_echec[:120]),
    )
    yield (
        _("Pannes pendant un dépôt"),
        _("Prolonger, pour rendre le temps perdu."),
        _touches(
            appels.filter(etat=EtatAppel.PUBLIE, ouverture__lte=instant).prefetch_related("periodes", "prolongations")
        ),
        liste,
        lambda paire: (
            paire[0].titre,
            adresse_lecture(paire[0]),
            _("Proposé : jusqu’au {fin}").format(fin=fin_exclusive(paire[1].nouvelle, paire[0].fuseau)),
        ),
    )


def _touches(appels: QuerySet[Appel]) -> list[tuple[Appel, Any]]:
    instant = maintenant()
    paires = [(appel, prolongation_proposee(appel, instant)) for appel in appels]
    return [(appel, proposee) for appel, proposee in paires if proposee is not None]
