"""Les projets d'un organisme et ce qu'ils sont devenus."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comptes.models import Organisme
from projets.models import Projet
from projets.requetes import etat_pour_promoteur, lettre_envoyee, suite_en_mots
from projets.views.communs import fil
from socle.acces import acces_connecte


@acces_connecte
def projets_de_l_organisme(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Toutes ses demandes déposées : l'état, ce qui fut accordé une fois communiqué (R28), la suite."""
    organisme = get_object_or_404(Organisme.objects.visibles_pour(request.user), uuid=uuid)
    projets = list(
        Projet.objects.de_ses_organismes(request.user)
        .deposes()
        .filter(organisme=organisme)
        .select_related("appel", "decision__lettre", "convention__rapport")
        .order_by("-depose_le")
    )
    for projet in projets:
        projet.etat_lu, projet.suite_lue = etat_pour_promoteur(projet), suite_en_mots(projet)
        projet.accorde = projet.decision.montant if lettre_envoyee(projet) else None
    return render(
        request,
        "projets/organisme.html",
        {
            "organisme": organisme,
            "projets": projets,
            "fil": [
                *fil()[:1],
                {"titre": organisme.nom, "url": reverse("comptes:organisme", args=[uuid])},
                {"titre": _("Projets"), "url": None},
            ],
        },
    )
