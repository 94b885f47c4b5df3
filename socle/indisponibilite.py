"""Une base injoignable rend une page 503 claire, jamais une trace."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

journal = logging.getLogger(__name__)


class BaseIndisponibleMiddleware:
    """Traduit les erreurs de connexion à PostgreSQL en 503, avec un délai de reprise."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.suite(request)

    def process_exception(self, request: HttpRequest, erreur: Exception) -> HttpResponse | None:
        if not isinstance(erreur, OperationalError | InterfaceError):
            return None
        journal.error("Base injoignable ou délai dépassé", exc_info=erreur)
        reponse = HttpResponse(render_to_string("503.html"), status=503)
        reponse["Retry-After"] = "5"
        return reponse
