"""Ce que les vues du promoteur partagent : retrouver son projet, le fil d'Ariane."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from projets.models import Projet
from projets.requetes import CONTENU, SUITE, avec_les_liens


def projet_du_promoteur(
    request: HttpRequest, uuid: UUID, *, complet: bool = True, contenu: Sequence[Any] = CONTENU
) -> Projet:
    """Le projet, s'il est d'un organisme de la personne; 404 sinon.

    `complet` : avec ce qu'une page en montre; d'un brouillon, `contenu`; d'une demande déposée, sa suite aussi.
    """
    siens = de_la_personne(request)
    if not complet:
        return get_object_or_404(siens.select_related("appel__entente", "entente", "formulaire"), uuid=uuid)
    projet: Projet = get_object_or_404(avec_les_liens(siens), uuid=uuid)
    prefetch_related_objects([projet], *contenu, *(() if projet.est_brouillon else SUITE))
    return projet


def de_la_personne(request: HttpRequest) -> QuerySet[Projet]:
    return Projet.objects.du_portail(request.user)


def fil(projet: Projet | None = None, *suite: str) -> list[dict[str, Any]]:
    """Mes projets › le projet › la page."""
    morceaux = [{"titre": _("Mes projets"), "url": reverse("projets:mes_projets")}]
    if projet is not None:
        morceaux.append({"titre": projet.numero or projet.titre, "url": projet.get_absolute_url()})
    morceaux += [{"titre": str(titre), "url": None} for titre in suite]
    morceaux[-1]["url"] = None
    return morceaux
