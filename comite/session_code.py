"""La session ouverte par un code imprimé : elle ne vaut que dans l'espace du comité, et tant que la feuille vaut.

Hors de cet espace, la personne est anonyme : ni admin, ni compte, ni projets d'organisme, quels que soient ses autres rôles.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from comite.models import FeuilleCodes
from comptes.enums import Role
from comptes.portees import Portees, RolePortee

CLE = "comite_feuille"
DUREE = timedelta(hours=3)
PERMIS = ("/comite/", "/fichiers/", "/travaux/", "/compte/logout/")


class PorteesComite(Portees):
    """Les rôles de comité de la personne chez le mandataire de la feuille; aucun organisme."""

    def __init__(self, utilisateur: Any, mandataire_id: int) -> None:
        super().__init__(utilisateur)
        roles = Portees(utilisateur).roles
        self.__dict__["roles"] = [r for r in roles if r.role == Role.EVALUATION and r.mandataire_id == mandataire_id]
        self.__dict__["_adhesions"] = {}

    roles: list[RolePortee]


class SessionCodeMiddleware:
    """Après l'authentification : borne ce que peut une session ouverte par un code."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cle = request.session.get(CLE)
        if cle is not None and request.user.is_authenticated:
            self._borner(request, cle)
        return self.get_response(request)

    def _borner(self, request: Any, cle: int) -> None:
        feuille = FeuilleCodes.objects.filter(pk=cle, membre=request.user.pk).first()
        if feuille is None or feuille.revoquee_le is not None:
            request.session.flush()
            request.user = AnonymousUser()
        elif not request.path.startswith(PERMIS):
            request.user = AnonymousUser()
        else:
            request.user.portees = PorteesComite(request.user, feuille.mandataire_id)
