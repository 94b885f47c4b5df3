"""« Mon projet est-il admissible? » : sans compte, en mots et en nombres; les réponses suivent au brouillon."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appels.models import Appel
from projets.forms.admissible import AdmissibleForm
from projets.regles import evaluer, maximum_demandable
from projets.sections import constat_forme
from socle.acces import acces_public


@acces_public
def admissible(request: HttpRequest, code: str) -> HttpResponse:
    """Les règles R1 à R19, sur les nombres donnés; au plus combien; la décision revient à l'instance."""
    appel = get_object_or_404(Appel.objects.publics().select_related("entente__mandataire__logo"), code=code)
    formulaire = AdmissibleForm(request.GET or None, appel=appel)
    contexte = {}
    if formulaire.is_valid():
        valeurs = formulaire.cleaned_data
        maximum = maximum_demandable(formulaire.demande(None), appel.aide)
        demande = formulaire.demande(valeurs["montant"] if valeurs["montant"] is not None else maximum)
        forme = constat_forme(valeurs["forme"], appel.formes_admissibles)
        constats = [forme, *evaluer(demande, appel.aide)]
        if valeurs["montant"] is None:
            constats = [constat for constat in constats if constat.regle != "R13"]
        contexte = {
            "maximum": maximum,
            "demande": demande,
            "constats": sorted(constats, key=lambda constat: constat.conforme),
            "ecarts": sum(not constat.conforme for constat in constats),
            "suite": f"{reverse('projets:commencer', args=[code])}?{request.GET.urlencode()}",
            "forme_admise": forme.conforme,
            "ouvert": appel.est_ouvert(request.arrivee),
        }
    return render(
        request,
        "projets/admissible.html",
        {
            "appel": appel,
            "formulaire": formulaire,
            "erreurs_formulaire": formulaire.errors if request.GET else None,
            "fil": [
                {"titre": _("Appels de projets"), "url": reverse("appels:liste")},
                {"titre": appel.titre, "url": appel.get_absolute_url()},
                {"titre": _("Vérifier l’admissibilité"), "url": None},
            ],
            **contexte,
        },
    )
