"""Ce que les pages d'un organisme partagent : le retrouver, son fil d'Ariane."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from comptes.models import Organisme


def organisme_de(request: HttpRequest, uuid: UUID) -> Organisme:
    """L'organisme, si la personne en est membre; 404 sinon."""
    return get_object_or_404(Organisme.objects.visibles_pour(request.user), uuid=uuid)


def fil(organisme: Organisme, page: str = "") -> list[dict[str, Any]]:
    """Mon espace › l'organisme › la page."""
    morceaux: list[dict[str, Any]] = [{"titre": _("Mon espace"), "url": reverse(settings.LOGIN_REDIRECT_URL)}]
    morceaux.append({"titre": organisme.nom, "url": reverse("comptes:organisme", args=[organisme.uuid])})
    if page:
        morceaux.append({"titre": page, "url": None})
    morceaux[-1]["url"] = None
    return morceaux
