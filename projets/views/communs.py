"""Ce que les vues du promoteur partagent : retrouver son projet, le fil d'Ariane."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from projets.models import Projet
from projets.requetes import dossier_complet


def projet_du_promoteur(request: HttpRequest, uuid: UUID, *, complet: bool = True) -> Projet:
    """Le projet, s'il est d'un organisme de la personne; 404 sinon. `complet` : avec tout ce qu'une page en montre."""
    siens = de_la_personne(request)
    projets = dossier_complet(siens) if complet else siens.select_related("appel__entente", "entente", "formulaire")
    return get_object_or_404(projets, uuid=uuid)


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
