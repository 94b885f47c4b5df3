"""Admin de la décision : les lettres et leurs lots, les modèles, les décisions préparées."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projets.actes import decisions, lettres
from projets.enums import EtatLettre
from projets.models import DecisionPreparee, Lettre, ModeleLettre
from socle.admin.lots import AvecLots
from socle.admin.portee import Acte, AdminPortee, Creation
from socle.formats import argent, instant_court


@admin.register(Lettre)
class LettreAdmin(AvecLots, AdminPortee):
    """La boîte des lettres : à relire, relues, envoyées; relire et envoyer en lot."""

    permission_lecture = "projets.lire_lettres"
    gabarit_lecture = "admin/projets/lettre/lecture.html"
    list_display = ("numero", "organisme", "objet", "sens", "etat", "relue_par", "envoyee")
    list_filter = ("etat", "decision__sens", "decision__projet__appel")
    search_fields = ("decision__projet__numero", "decision__projet__organisme__nom", "objet")
    list_select_related = ("decision__projet__organisme", "decision__projet__appel", "relue_par", "entente")
    ordering = ("-decision__consignee_le", "-id")
    lots = lettres.LOTS
    actes = (
        Acte(
            "corriger",
            "projets.envoyer_lettre",
            lettres.corriger,
            _("Relire, corriger, envoyer"),
            lambda lettre: lettre.etat != EtatLettre.ENVOYEE,
        ),
    )

    @admin.display(description=_("demande"), ordering="decision__projet__numero")
    def numero(self, objet: Lettre) -> str:
        return objet.decision.projet.numero or ""

    @admin.display(description=_("organisme"))
    def organisme(self, objet: Lettre) -> str:
        return str(objet.decision.projet.organisme)

    @admin.display(description=_("décision"), ordering="decision__sens")
    def sens(self, objet: Lettre) -> str:
        return str(objet.decision.get_sens_display())

    @admin.display(description=_("envoyée le"), ordering="envoyee_le")
    def envoyee(self, objet: Lettre) -> str:
        return instant_court(objet.envoyee_le, objet.decision.projet.appel.fuseau) if objet.envoyee_le else "–"


@admin.register(ModeleLettre)
class ModeleLettreAdmin(AdminPortee):
    """Les modèles de lettre, en versions; la plus récente d'un genre vaut."""

    permission_lecture = "projets.lire_lettres"
    gabarit_lecture = "admin/projets/modelelettre/lecture.html"
    list_display = ("genre", "objet", "entente", "auteur", "ecrit_le")
    list_filter = ("genre", "entente")
    list_select_related = ("entente__mandataire", "auteur")
    ordering = ("entente_id", "genre", "-ecrit_le")
    creations = (Creation("nouveau", "projets.ecrire_modele_lettre", lettres.nouveau_modele, _("Écrire un modèle")),)
    actes = (Acte("ecrire", "projets.ecrire_modele_lettre", lettres.ecrire_modele, _("Écrire une version de plus")),)


@admin.register(DecisionPreparee)
class DecisionPrepareeAdmin(AdminPortee):
    """Ce qui attend une résolution."""

    permission_lecture = "projets.lire_lettres"
    gabarit_lecture = "admin/projets/decisionpreparee/lecture.html"
    list_display = ("numero", "organisme", "sens", "octroi", "instance", "preparee_par", "preparee_le")
    list_filter = ("sens", "instance", "projet__appel")
    search_fields = ("projet__numero", "projet__organisme__nom", "projet__titre")
    list_select_related = ("projet__organisme", "instance", "preparee_par", "entente")
    ordering = ("projet__numero",)
    creations = (Creation("resolution", "projets.decider", decisions.adopter, _("Consigner une résolution")),)

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).prefetch_related("parts__enveloppe")

    @admin.display(description=_("demande"), ordering="projet__numero")
    def numero(self, objet: DecisionPreparee) -> str:
        return objet.projet.numero or ""

    @admin.display(description=_("organisme"))
    def organisme(self, objet: DecisionPreparee) -> str:
        return str(objet.projet.organisme)

    @admin.display(description=_("octroi"))
    def octroi(self, objet: DecisionPreparee) -> str:
        total = sum(part.montant for part in objet.parts.all())
        return argent(total) if total else "–"
