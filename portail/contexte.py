"""Contexte de toute page : le menu de la personne, et si l'on est en démonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from comptes.enums import Role
from comptes.requetes import courriel_confirme
from comptes.services.membres import DELAI_CONFIRMATION
from socle.horloge import maintenant

CONFIRME = "courriel_confirme"


def menus(request: HttpRequest) -> dict[str, Any]:
    """`menu` selon les portées, `demonstration`. Sans requête de plus pour une page de l'admin."""
    if request.path.startswith("/admin/"):
        return {"demonstration": settings.DEMONSTRATION}
    utilisateur = getattr(request, "user", None)
    entrees = [(_("Appels de projets"), reverse("appels:liste")), (_("Alliances"), reverse("portail:alliances"))]
    if utilisateur is not None and utilisateur.is_authenticated:
        portees = utilisateur.portees
        if portees.organismes or not portees.roles or portees.a_role(Role.AGENT):
            entrees.append((_("Mes projets"), reverse("projets:mes_projets")))
        if portees.a_role(Role.EVALUATION):
            entrees.append((_("Comité"), reverse("comite:dossiers")))
        if portees.ministere:
            entrees.append((_("Ententes"), reverse("alliances:ententes")))
            entrees.append((_("Redditions"), reverse("reddition:redditions")))
            entrees.append((_("Plans"), reverse("portail:plans")))
        if utilisateur.interne:
            entrees.append((_("Coordination"), reverse("admin:index")))
    courante = max((url for _titre, url in entrees if request.path.startswith(url)), key=len, default="")
    return {
        "menu": [{"titre": titre, "url": url, "actif": url == courante} for titre, url in entrees],
        "demonstration": settings.DEMONSTRATION,
        "courriel_a_confirmer": _courriel_a_confirmer(request, utilisateur),
    }


def _courriel_a_confirmer(request: HttpRequest, utilisateur: Any) -> dict[str, Any] | None:
    """L'adresse à confirmer, et si les 24 heures sont passées; une session qui l'a vue confirmée n'interroge plus la base.

    Qui tient un rôle a ouvert son compte par une invitation reçue à cette adresse : rien à confirmer.
    """
    if utilisateur is None or not utilisateur.is_authenticated or request.session.get(CONFIRME):
        return None
    if utilisateur.portees.roles:
        return None
    if courriel_confirme(utilisateur):
        request.session[CONFIRME] = True
        return None
    limite = utilisateur.cree_le + DELAI_CONFIRMATION
    return {"email": utilisateur.email, "limite": limite, "passee": maintenant() >= limite}
