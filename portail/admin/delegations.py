"""Admin des délégations : leur page de lecture est le rapport de la délégation, qui compose alliances et appels."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliances.actes import territoires as actes
from alliances.models import Delegation, PlanTravail
from alliances.requetes.bilan import bilan_enveloppe
from appels.models import Appel
from projets.enums import EtatProjet
from projets.models import Projet
from socle.admin.portee import Acte, AdminPortee
from socle.argent import ZERO
from socle.formats import date_longue, jour_local

DROIT = "alliances.gerer_territoires"


@admin.register(Delegation)
class DelegationAdmin(AdminPortee):
    """Ce qui est confié à une MRC ou à un autre organisme, et ce qu'il en a fait."""

    permission_lecture = "alliances.lire_grand_livre"
    gabarit_lecture = "admin/alliances/delegation/lecture.html"
    list_display = ("territoire", "delegataire", "entente", "enveloppe", "instance", "depuis_lu", "jusqua_lu")
    list_filter = ("entente",)
    list_select_related = ("territoire", "entente", "enveloppe", "instance")
    search_fields = ("delegataire", "territoire__nom")
    ordering = ("-entente__code", "territoire__ordre", "-depuis")
    actes = (
        Acte("modifier", DROIT, actes.changer, _("Modifier la délégation")),
        Acte("finir", DROIT, actes.finir, _("Mettre fin à la délégation"), lambda d: d.jusqua is None),
    )

    def contexte_lecture(self, request: HttpRequest, objet: Delegation) -> dict[str, Any]:
        """Le rapport : enveloppe par exercice, projets, plan, comité, instance, appels du territoire."""
        enveloppe, jour = objet.enveloppe, jour_local(request.arrivee)
        rangee = bilan_enveloppe(enveloppe) if enveloppe else None
        projets = Projet.objects.visibles_pour(request.user).deposes().filter(enveloppe__territoire=objet.territoire)
        appels = Appel.objects.visibles_pour(request.user).filter(offres__enveloppe__territoire=objet.territoire)
        return {
            "enveloppe": enveloppe,
            "barre": rangee.barre if rangee else None,
            "exercices": rangee.exercices if rangee else [],
            "projets": projets.aggregate(
                deposes=Count("pk"),
                acceptes=Count("pk", filter=Q(etat=EtatProjet.ACCEPTE)),
                accorde=Sum("decision__montant", default=ZERO),
            ),
            "finie": objet.jusqua is not None and objet.jusqua < jour,
            "a_venir": objet.depuis > jour,
            "plan": PlanTravail.objects.en_vigueur().filter(territoire=objet.territoire).first(),
            "appels": appels.distinct().order_by("-fermeture"),
        }

    @admin.display(description=_("depuis"), ordering="depuis")
    def depuis_lu(self, objet: Delegation) -> str:
        return date_longue(objet.depuis)

    @admin.display(description=_("jusqu’au"), ordering="jusqua")
    def jusqua_lu(self, objet: Delegation) -> str:
        return date_longue(objet.jusqua)
