"""Un octet nul dans une adresse ou un filtre ne vient jamais d'un lien : refusé à l'entrée, en clair."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class OctetNulMiddleware:
    """Répond 400 : PostgreSQL ne range pas d'octet nul, une recherche tomberait en erreur."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("octet nul dans l'adresse")
        return self.suite(request)
