"""Admin de la gouvernance : comités, instances, partenaires, consultations."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliances.actes import gouvernance as actes
from alliances.actes import plan as actes_plan
from alliances.models import Comite, Consultation, InstanceDecisionnelle, MembreComite, Partenaire
from alliances.requetes.gouvernance import lire_comite
from alliances.services.gouvernance import GERER
from socle.admin.portee import Acte, AdminPortee, Creation
from socle.formats import date_longue
from socle.horloge import aujourd_hui

LIRE = "alliances.lire_gouvernance"


def _periode(objet: Any) -> str:
    """« depuis le … » ou « du … au … »."""
    if objet.jusqua is None:
        return str(_("depuis le %(debut)s") % {"debut": date_longue(objet.depuis)})
    return str(_("du %(debut)s au %(fin)s") % {"debut": date_longue(objet.depuis), "fin": date_longue(objet.jusqua)})


@admin.register(Comite)
class ComiteAdmin(AdminPortee):
    """Les comités : qui y siège, s'ils ont quorum, ce que personne n'y représente."""

    permission_lecture = LIRE
    gabarit_lecture = "admin/alliances/comite/lecture.html"
    list_display = ("nom", "type", "entente", "territoire", "membres_lus", "votants_lus", "quorum", "sieges_lus")
    list_filter = ("type", "entente", "territoire")
    search_fields = ("nom", "mandat")
    list_select_related = ("entente", "territoire")
    show_facets = admin.ShowFacets.ALWAYS
    creations = (Creation("creer", GERER, actes.creer_comite, _("Créer un comité")),)
    actes = (
        Acte("membre", GERER, actes.membre, _("Ajouter un membre")),
        Acte("modifier", GERER, actes.modifier_comite, _("Modifier le comité")),
        Acte("ouvrir-siege", GERER, actes.ouvrir_siege, _("Ouvrir un siège de vécu")),
        Acte("siege", GERER, actes.siege),
        Acte("fin-membre", GERER, actes.fin_membre),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comite]:
        """Avec le compte des membres en fonction, des votants et des sièges pourvus."""
        jour = aujourd_hui()
        en_fonction = Q(membres__depuis__lte=jour) & (Q(membres__jusqua__isnull=True) | Q(membres__jusqua__gte=jour))
        return (
            super()
            .get_queryset(request)
            .annotate(
                n_membres=Count("membres", filter=en_fonction, distinct=True),
                n_votants=Count("membres", filter=en_fonction & Q(membres__vote=True), distinct=True),
                n_sieges=Count("sieges", distinct=True),
                n_pourvus=Count("sieges", filter=Q(sieges__etat="pourvu"), distinct=True),
            )
        )

    @admin.display(description=_("membres"), ordering="n_membres")
    def membres_lus(self, objet: Comite) -> int:
        return objet.n_membres  # type: ignore[attr-defined]

    @admin.display(description=_("votants"))
    def votants_lus(self, objet: Comite) -> int:
        return objet.n_votants + objet.n_pourvus  # type: ignore[attr-defined]

    @admin.display(description=_("sièges de vécu pourvus"))
    def sieges_lus(self, objet: Comite) -> str:
        return f"{objet.n_pourvus} / {objet.n_sieges}" if objet.n_sieges else "–"  # type: ignore[attr-defined]

    def contexte_lecture(self, request: HttpRequest, objet: Comite) -> dict[str, Any]:
        return {
            "lecture": lire_comite(objet, aujourd_hui()),
            "periode": _periode(objet),
            "gere": request.user.has_perm(GERER, objet),
        }


@admin.register(InstanceDecisionnelle)
class InstanceAdmin(AdminPortee):
    """Les instances qui décident des octrois (R27), datées."""

    permission_lecture = LIRE
    gabarit_lecture = "admin/alliances/instancedecisionnelle/lecture.html"
    list_display = ("nom", "genre", "entente", "territoire", "depuis", "jusqua")
    list_filter = ("genre", "entente", "territoire")
    search_fields = ("nom",)
    list_select_related = ("entente", "territoire")
    show_facets = admin.ShowFacets.ALWAYS
    creations = (Creation("creer", GERER, actes.creer_instance, _("Inscrire une instance")),)
    actes = (Acte("modifier", GERER, actes.modifier_instance, _("Modifier l’instance")),)

    def contexte_lecture(self, request: HttpRequest, objet: InstanceDecisionnelle) -> dict[str, Any]:
        return {
            "periode": _periode(objet),
            "autres": InstanceDecisionnelle.objects.filter(entente=objet.entente, territoire=objet.territoire)
            .exclude(pk=objet.pk)
            .order_by("-depuis"),
        }


@admin.register(Partenaire)
class PartenaireAdmin(AdminPortee):
    """Les partenaires de la table, dans les huit familles."""

    permission_lecture = LIRE
    gabarit_lecture = "admin/alliances/partenaire/lecture.html"
    list_display = ("nom", "famille", "entente", "siege_lu")
    list_filter = ("famille", "entente")
    search_fields = ("nom",)
    list_select_related = ("entente",)
    show_facets = admin.ShowFacets.ALWAYS
    creations = (Creation("creer", GERER, actes.creer_partenaire, _("Inscrire un partenaire")),)
    actes = (Acte("modifier", GERER, actes.modifier_partenaire, _("Modifier le partenaire")),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partenaire]:
        """Avec « siège à un comité » : une personne en fonction le représente."""
        membres = MembreComite.objects.en_vigueur(aujourd_hui()).filter(
            entente=OuterRef("entente"), represente=OuterRef("nom")
        )
        return super().get_queryset(request).annotate(siege=Exists(membres))

    @admin.display(description=_("siège à un comité"), boolean=True)
    def siege_lu(self, objet: Partenaire) -> bool:
        return objet.siege  # type: ignore[attr-defined]

    def contexte_lecture(self, request: HttpRequest, objet: Partenaire) -> dict[str, Any]:
        return {
            "engagements": objet.engagements.exclude(plan__etat="remplace")
            .select_related("plan__entente", "plan__territoire")
            .order_by("plan__version", "id"),
            "membres": MembreComite.objects.en_vigueur(aujourd_hui())
            .filter(entente=objet.entente, represente=objet.nom)
            .select_related("comite")
            .order_by("comite__nom", "nom"),
        }


@admin.register(Consultation)
class ConsultationAdmin(AdminPortee):
    """Les consultations des territoires, et ce qui en est sorti."""

    permission_lecture = "alliances.lire_plan"
    gabarit_lecture = "admin/alliances/consultation/lecture.html"
    list_display = ("tenue_le", "lieu", "entente", "territoire", "participants", "priorites_lues")
    list_filter = ("entente", "territoire")
    search_fields = ("lieu", "constats")
    list_select_related = ("entente", "territoire")
    show_facets = admin.ShowFacets.ALWAYS
    creations = (
        Creation("creer", "alliances.ecrire_plan", actes_plan.creer_consultation, _("Inscrire une consultation")),
    )
    actes = (
        Acte("modifier", "alliances.ecrire_plan", actes_plan.modifier_consultation, _("Modifier la consultation")),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consultation]:
        return super().get_queryset(request).annotate(n_priorites=Count("priorites"))

    @admin.display(description=_("priorités"), ordering="n_priorites")
    def priorites_lues(self, objet: Consultation) -> int:
        return objet.n_priorites  # type: ignore[attr-defined]

    def contexte_lecture(self, request: HttpRequest, objet: Consultation) -> dict[str, Any]:
        return {"priorites": objet.priorites.order_by("ordre", "id")}
