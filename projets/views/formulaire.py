"""Le formulaire entier d'un appel, lisible sans compte, avant de commencer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from appels.models import Appel
from appels.services.formulaire import formulaire_en_vigueur
from projets.enums import CategorieDepense, SourceFinancement
from socle.acces import acces_public


@acces_public
def formulaire(request: HttpRequest, code: str) -> HttpResponse:
    """Chaque section et chaque question, ce qui est obligatoire, ce qui peut suivre, les pièces; imprimable."""
    appel = get_object_or_404(
        Appel.objects.publics().select_related("entente__mandataire__logo").prefetch_related("pieces_requises"),
        code=code,
    )
    return render(
        request,
        "projets/formulaire_public.html",
        {
            "appel": appel,
            "sections": formulaire_en_vigueur(appel).sections,
            "depenses": [choix.label for choix in CategorieDepense],
            "sources": [choix.label for choix in SourceFinancement],
            "fil": [
                {"titre": appel.titre, "url": appel.get_absolute_url()},
                {"titre": _("Formulaire"), "url": None},
            ],
        },
    )
