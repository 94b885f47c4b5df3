"""Admin de l'argent : enveloppes, engagements, grand livre. Tout s'y lit; rien ne change que par un acte relu."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliances.actes import argent as actes
from alliances.actes import releve as actes_releve
from alliances.enums import TypeMouvement
from alliances.models import Engagement, Enveloppe, Mouvement
from alliances.requetes.bilan import bilan_enveloppe
from alliances.requetes.soldes import FAMILLES, sommes
from alliances.services.enveloppes import contrepassee
from socle.admin.portee import Acte, AdminPortee
from socle.argent import ZERO
from socle.formats import argent_cents, instant_court

RECENTS = 20


class FamilleFilter(admin.SimpleListFilter):
    """Les mouvements derrière un chiffre : dotation, engagé, versé."""

    title = _("chiffre")
    parameter_name = "famille"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("dotation", _("Dotation")), ("engage", _("Engagé")), ("verse", _("Versé"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(type__in=FAMILLES[self.value()]) if self.value() in FAMILLES else queryset


@admin.register(Enveloppe)
class EnveloppeAdmin(AdminPortee):
    """Soldes des enveloppes; ils ne changent que par un mouvement."""

    permission_lecture = "alliances.lire_grand_livre"
    gabarit_lecture = "admin/alliances/enveloppe/lecture.html"
    list_display = ("code", "libelle", "entente", "dotation_lue", "engage_lu", "verse_lu", "disponible_lu", "origine")
    list_filter = ("entente", "nature")
    search_fields = ("code", "libelle")
    list_select_related = ("entente",)
    actes = (
        Acte("allouer", "alliances.repartir", actes.allouer, _("Allouer")),
        Acte("virer", "alliances.repartir", actes.virer, _("Virer vers une autre enveloppe")),
        Acte(
            "prolonger",
            "alliances.repartir",
            actes.prolonger,
            _("Répartir l’argent d’un avenant"),
            lambda e: e.entente.avenants.filter(ecart__gt=0).exists(),
        ),
        Acte("engager", "alliances.repartir", actes.engager, _("Engager une dépense hors projet")),
        Acte("ajuster", "alliances.repartir", actes.ajuster, _("Ajuster la dotation")),
        Acte("releve", "alliances.lire_grand_livre", actes_releve.releve, _("Relevé à une date")),
        Acte("releve-xlsx", "alliances.lire_grand_livre", actes_releve.releve_xlsx),
    )

    def totaux(self, request: HttpRequest, filtree: QuerySet) -> list[tuple[Any, str]]:
        sommes = filtree.aggregate(dotation=Sum("dotation"), engage=Sum("engage"), verse=Sum("verse"))
        dotation, engage, verse = (sommes[nom] or ZERO for nom in ("dotation", "engage", "verse"))
        return [
            (_("Dotation"), argent_cents(dotation)),
            (_("Engagé"), argent_cents(engage)),
            (_("Versé"), argent_cents(verse)),
            (_("Disponible"), argent_cents(dotation - engage)),
        ]

    def contexte_lecture(self, request: HttpRequest, objet: Enveloppe) -> dict[str, Any]:
        return {
            "rangee": bilan_enveloppe(objet),
            "engagements": objet.engagements.filter(clos_le__isnull=True, montant__gt=0).order_by("reference"),
            "mouvements": objet.mouvements.select_related("auteur").order_by("-sequence")[:RECENTS],
        }

    @admin.display(description=_("dotation"), ordering="dotation")
    def dotation_lue(self, objet: Enveloppe) -> str:
        return argent_cents(objet.dotation)

    @admin.display(description=_("engagé"), ordering="engage")
    def engage_lu(self, objet: Enveloppe) -> str:
        return argent_cents(objet.engage)

    @admin.display(description=_("versé"), ordering="verse")
    def verse_lu(self, objet: Enveloppe) -> str:
        return argent_cents(objet.verse)

    @admin.display(description=_("disponible"), ordering=F("dotation") - F("engage"))
    def disponible_lu(self, objet: Enveloppe) -> str:
        return argent_cents(objet.disponible)


def _libre(engagement: Engagement) -> bool:
    return engagement.libre and engagement.clos_le is None


@admin.register(Engagement)
class EngagementAdmin(AdminPortee):
    """Ce qui est réservé : les octrois des projets (par leur dossier) et les dépenses hors projet (ici)."""

    permission_lecture = "alliances.lire_grand_livre"
    gabarit_lecture = "admin/alliances/engagement/lecture.html"
    list_display = ("reference", "enveloppe", "montant_lu", "verse_lu", "reste_lu", "libre", "ouvert", "clos")
    list_filter = ("libre", ("clos_le", admin.EmptyFieldListFilter), "enveloppe")
    search_fields = ("reference",)
    list_select_related = ("enveloppe", "entente")
    actes = (
        Acte("verser", "alliances.verser_engagement", actes.verser, _("Inscrire un paiement"), _libre),
        Acte("degager", "alliances.repartir", actes.degager, _("Désengager"), _libre),
        Acte(
            "recouvrer",
            "alliances.recouvrer",
            actes.recouvrer,
            _("Inscrire un recouvrement"),
            lambda engagement: engagement.verse > 0,
        ),
    )

    def totaux(self, request: HttpRequest, filtree: QuerySet) -> list[tuple[Any, str]]:
        sommes = filtree.aggregate(montant=Sum("montant"), verse=Sum("verse"))
        montant, verse = sommes["montant"] or ZERO, sommes["verse"] or ZERO
        return [
            (_("Engagé"), argent_cents(montant)),
            (_("Versé"), argent_cents(verse)),
            (_("À verser"), argent_cents(montant - verse)),
        ]

    def contexte_lecture(self, request: HttpRequest, objet: Engagement) -> dict[str, Any]:
        return {"mouvements": objet.mouvements.select_related("auteur").order_by("-sequence")}

    @admin.display(description=_("engagé"), ordering="montant")
    def montant_lu(self, objet: Engagement) -> str:
        return argent_cents(objet.montant)

    @admin.display(description=_("versé"), ordering="verse")
    def verse_lu(self, objet: Engagement) -> str:
        return argent_cents(objet.verse)

    @admin.display(description=_("à verser"), ordering=F("montant") - F("verse"))
    def reste_lu(self, objet: Engagement) -> str:
        return argent_cents(objet.montant - objet.verse)

    @admin.display(description=_("ouvert le"), ordering="ouvert_le")
    def ouvert(self, objet: Engagement) -> str:
        return instant_court(objet.ouvert_le)

    @admin.display(description=_("clos le"), ordering="clos_le")
    def clos(self, objet: Engagement) -> str:
        return instant_court(objet.clos_le)


def _contrepassable(mouvement: Mouvement) -> bool:
    """Ce que le service accepterait : pas l'octroi d'un projet, pas deux fois, pas une contrepassation."""
    if mouvement.cle.startswith("contrepassation:") or contrepassee(mouvement):
        return False
    return mouvement.engagement is None or mouvement.engagement.libre or mouvement.type == TypeMouvement.RECOUVREMENT


@admin.register(Mouvement)
class MouvementAdmin(AdminPortee):
    """Le grand livre, en ajout seul."""

    permission_lecture = "alliances.lire_grand_livre"
    gabarit_lecture = "admin/alliances/mouvement/lecture.html"
    list_display = ("sequence", "quand", "type", "enveloppe", "montant_lu", "exercice", "objet_lu")
    list_filter = (FamilleFilter, "type", "exercice", "enveloppe", "entente")
    search_fields = ("reference", "motif")
    list_select_related = ("enveloppe", "entente")
    ordering = ("-entente", "-sequence")
    actes = (
        Acte(
            "contrepasser",
            "alliances.repartir",
            actes.contrepasser,
            _("Contrepasser l’opération"),
            _contrepassable,
        ),
    )

    def totaux(self, request: HttpRequest, filtree: QuerySet) -> list[tuple[Any, str]]:
        noms = {"dotation": _("Dotation"), "engage": _("Engagé"), "verse": _("Versé")}
        return [(noms[famille], argent_cents(total)) for famille, total in sommes(filtree).items()]

    def contexte_lecture(self, request: HttpRequest, objet: Mouvement) -> dict[str, Any]:
        return {
            "operation": Mouvement.objects.filter(operation_id=objet.operation_id)
            .select_related("enveloppe", "auteur", "engagement")
            .order_by("sequence")
        }

    @admin.display(description=_("référence et motif"), ordering="reference")
    def objet_lu(self, objet: Mouvement) -> str:
        return " – ".join(filter(None, (objet.reference, objet.motif)))

    @admin.display(description=_("instant"), ordering="instant")
    def quand(self, objet: Mouvement) -> str:
        return instant_court(objet.instant)

    @admin.display(description=_("montant"), ordering="montant")
    def montant_lu(self, objet: Mouvement) -> str:
        return argent_cents(objet.montant)
