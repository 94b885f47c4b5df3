"""Une pièce montrée dans le dossier : son contenu seul, pour le cadre de la même page."""

from django.http import Http404, HttpRequest, HttpResponse

from projets.models import Projet
from socle.admin.actes import element_demande
from socle.documents.fichiers import se_montre, servir_apercu


def montrer(request: HttpRequest, projet: Projet) -> HttpResponse:
    """Le PDF ou l'image; 404 si la pièce n'est pas du dossier, est d'un autre type, ou est refusée à l'analyse."""
    piece = element_demande(request, projet.pieces.select_related("fichier"), "piece")
    if piece is None or not se_montre(piece.fichier):
        raise Http404
    return servir_apercu(piece.fichier)
