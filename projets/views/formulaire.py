"""Le formulaire entier d'un appel, lisible sans compte, avant de commencer : à l'écran et en PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appels.models import Appel
from appels.requetes.publics import a_preparer
from projets.exports import contexte_formulaire
from socle.acces import acces_public
from socle.documents import fichiers


@acces_public
def formulaire(request: HttpRequest, code: str) -> HttpResponse:
    """Chaque section et chaque question, ce qui est obligatoire, ce qui peut suivre, les pièces; imprimable. `?apercu` : la version en préparation."""
    appels = Appel.objects.select_related("entente__mandataire__logo").prefetch_related("pieces_requises")
    appel = None if "apercu" in request.GET else appels.publics().filter(code=code).first()
    apercu = appel is None
    lu = appel or a_preparer(appels, request.user, code)
    if lu is None:
        raise Http404
    page = reverse("appels:apercu", args=[code]) if apercu else lu.get_absolute_url()
    fil = [{"titre": lu.titre, "url": page}, {"titre": _("Formulaire"), "url": None}]
    contexte = {**contexte_formulaire(lu, apercu=apercu), "apercu": apercu, "fil": fil}
    return render(request, "projets/formulaire_public.html", contexte)


@acces_public
def formulaire_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Le formulaire vierge en PDF, à lire ou à remplir au stylo; 404 s'il n'est pas encore produit."""
    appel = get_object_or_404(Appel.objects.publics().select_related("formulaire_pdf"), code=code)
    if appel.formulaire_pdf is None or not fichiers.peut_lire(request.user, appel.formulaire_pdf):
        raise Http404
    return fichiers.servir(appel.formulaire_pdf)
