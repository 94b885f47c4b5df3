"""Refus des envois trop lourds : dès l'en-tête, puis pendant la lecture, avant d'écrire un octet de trop."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class TailleMiddleware:
    """Répond 413, en clair, quand `Content-Length` dépasse `TAILLE_MAX_REQUETE`."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        annonce = request.META.get("CONTENT_LENGTH") or "0"
        if annonce.isdigit() and int(annonce) > settings.TAILLE_MAX_REQUETE:
            reponse = render(request, "413.html", {"maximum": settings.TAILLE_MAX_FICHIER}, status=413)
            reponse["Connection"] = "close"
            return reponse
        return self.suite(request)


class FichierTropLourd(SimpleUploadedFile):
    """Un fichier dont la lecture s'est arrêtée à la limite : sa vraie taille, aucun octet."""

    def __init__(self, nom: str, taille: int) -> None:
        super().__init__(nom, b"")
        self.size = taille


class LimiteHandler(FileUploadHandler):
    """Compte les octets à mesure qu'ils arrivent; passé `TAILLE_MAX_FICHIER`, rien de plus n'est gardé.

    Doit être le premier gestionnaire : ceux qui suivent (mémoire, disque) ne reçoivent que ce qu'il laisse passer. Le
    formulaire voit un fichier sans contenu, à sa vraie taille, et dit combien il pèse et combien il peut peser.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.recus = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.recus += len(raw_data)
        if self.recus <= settings.TAILLE_MAX_FICHIER:
            return raw_data
        self._lacher()
        return None

    def _lacher(self) -> None:
        """Rend tout de suite ce que les autres gestionnaires tenaient du fichier, en mémoire ou sur le disque."""
        for autre in self.request.upload_handlers:
            tenu = getattr(autre, "file", None)
            if tenu is not None and not tenu.closed:
                tenu.close()

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.recus <= settings.TAILLE_MAX_FICHIER:
            return None
        return FichierTropLourd(str(self.file_name), self.recus)
