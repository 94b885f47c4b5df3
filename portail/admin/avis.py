"""Admin des avis sectoriels : demander (sur un plan, ou un dossier qui existe), inscrire, classer, relancer."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from alliances.actes import avis as actes
from alliances.actes.communs import dans_une_entente
from alliances.enums import EtatAvis
from alliances.models import AvisSectoriel, Entente
from alliances.regles.gouvernance import avis_en_retard
from projets.models import Projet
from socle.admin.portee import Acte, AdminPortee, Creation
from socle.formats import jour_long
from socle.horloge import aujourd_hui

GERER = "alliances.gerer_gouvernance"


class RetardFilter(admin.SimpleListFilter):
    """Les avis demandés dont la date attendue est passée."""

    title = _("retard")
    parameter_name = "retard"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("oui", _("En retard")), ("non", _("À temps ou clos"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        en_retard = Q(etat=EtatAvis.DEMANDE, attendu_le__lt=aujourd_hui())
        return {"oui": queryset.filter(en_retard), "non": queryset.exclude(en_retard)}.get(self.value(), queryset)


def demander(request: HttpRequest) -> HttpResponse:
    """Demande un avis; le numéro d'un dossier doit être celui d'une demande déposée que la personne voit."""

    def vue(request: HttpRequest, entente: Entente) -> HttpResponse:
        dossiers = Projet.objects.visibles_pour(request.user).deposes().filter(entente=entente)
        return actes.demander(request, entente, lambda numero: dossiers.filter(numero=numero).exists())

    return dans_une_entente(request, modele=AvisSectoriel, titre=_("Demander un avis"), vue=vue)


@admin.register(AvisSectoriel)
class AvisSectorielAdmin(AdminPortee):
    """Les avis demandés hors du comité, et ce qui en est revenu."""

    permission_lecture = "alliances.lire_gouvernance"
    gabarit_lecture = "admin/alliances/avissectoriel/lecture.html"
    list_display = ("destinataire", "sujet", "entente", "etat", "demande", "attendu_le", "retard")
    list_filter = ("etat", RetardFilter, "entente")
    search_fields = ("destinataire", "dossier", "question", "comite__nom")
    list_select_related = ("entente", "plan__entente", "plan__territoire")
    show_facets = admin.ShowFacets.ALWAYS
    creations = (Creation("demander", GERER, demander, _("Demander un avis")),)
    actes = (
        Acte("recevoir", GERER, actes.recevoir, _("Inscrire l’avis reçu"), lambda avis: avis.etat != EtatAvis.RECU),
        Acte("relancer", GERER, actes.relancer, _("Relancer"), lambda avis: avis.etat == EtatAvis.DEMANDE),
        Acte("classer", GERER, actes.classer, _("Classer sans suite"), lambda avis: avis.etat == EtatAvis.DEMANDE),
    )

    @admin.display(description=_("sur"))
    def sujet(self, objet: AvisSectoriel) -> str:
        return objet.dossier or str(objet.plan)

    @admin.display(description=_("demandé le"), ordering="demande_le")
    def demande(self, objet: AvisSectoriel) -> str:
        return jour_long(objet.demande_le)

    @admin.display(description=_("en retard"), boolean=True)
    def retard(self, objet: AvisSectoriel) -> bool | None:
        return avis_en_retard(objet.etat, objet.attendu_le, aujourd_hui()) or None

    def contexte_lecture(self, request: HttpRequest, objet: AvisSectoriel) -> dict[str, Any]:
        return {
            "retard": avis_en_retard(objet.etat, objet.attendu_le, aujourd_hui()),
            "projet": Projet.objects.visibles_pour(request.user).filter(numero=objet.dossier or None).first(),
        }
