"""Le rapport d'un appel : à l'écran, en XLSX tout de suite, en PDF par un travail."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from appels.models import Appel
from projets.actes.communique import appel_demande, choisir_appel, page
from projets.exports.rapport_appel import classeur_du_rapport
from projets.models import Projet
from projets.requetes.rapport_appel import RapportAppel, rapport_de_l_appel
from projets.services.rapport_appel import demander_rapport
from socle.documents.xlsx import TYPE_MIME
from socle.formats import instant_long


def rapport(request: HttpRequest) -> HttpResponse:
    """`?format=xlsx` : le classeur; posté : le PDF, qu'on suit."""
    appel, titre = appel_demande(request), _("Rapport d’un appel")
    if appel is None:
        return choisir_appel(request, titre)
    if request.method == "POST":
        travail = demander_rapport(
            appel=appel, retour=request.get_full_path(), auteur=request.user, instant=request.arrivee
        )
        return HttpResponseRedirect(travail.get_absolute_url())
    lu = rapport_de_l_appel(appel, Projet.objects.visibles_pour(request.user))
    if request.GET.get("format") == "xlsx":
        return _classeur(request, appel, lu)
    return page(request, "rapport", titre, {"appel": appel, "rapport": lu})


def _classeur(request: HttpRequest, appel: Appel, lu: RapportAppel) -> HttpResponse:
    note = _("Lu le {quand}. Usage interne.").format(quand=instant_long(request.arrivee, appel.fuseau))
    reponse = HttpResponse(classeur_du_rapport(appel, lu, note), content_type=TYPE_MIME)
    reponse["Content-Disposition"] = f'attachment; filename="rapport-{appel.code}.xlsx"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse
