"""Choix des alliances."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Origine(TextChoices):
    """D'où vient un montant : chaque montant d'une source le dit (décision 4)."""

    PUBLIE = "publie", _("publié")
    CALCULE = "calcule", _("calculé")
    DEDUIT = "deduit", _("déduit")
    DEMONSTRATION = "demonstration", _("démonstration")
    INCONNU = "inconnu", _("inconnu")


class EtatEntente(TextChoices):
    BROUILLON = "brouillon", _("Brouillon")
    ACTIVE = "active", _("Active")
    CLOSE = "close", _("Close")


class PorteeTerritoire(TextChoices):
    LOCALE = "locale", _("Locale")
    SOUS_REGIONALE = "sous_regionale", _("Sous-régionale")
    REGIONALE = "regionale", _("Régionale")
    AUTOCHTONE = "autochtone", _("Autochtone")


class NatureEnveloppe(TextChoices):
    TERRITORIALE = "territoriale", _("Territoriale")
    REGIONALE = "regionale", _("Régionale")
    ADMINISTRATION = "administration", _("Administration")


class TypeMouvement(TextChoices):
    DOTATION = "dotation", _("Dotation")
    VIREMENT = "virement", _("Virement")
    REPORT_DE_SOLDE = "report_de_solde", _("Report de solde")
    PROLONGATION = "prolongation", _("Prolongation")
    AJUSTEMENT = "ajustement", _("Ajustement")
    ENGAGEMENT = "engagement", _("Engagement")
    DESENGAGEMENT = "desengagement", _("Désengagement")
    VERSEMENT = "versement", _("Versement")
    RECOUVREMENT = "recouvrement", _("Recouvrement")


SUR_DOTATION = (
    TypeMouvement.DOTATION,
    TypeMouvement.VIREMENT,
    TypeMouvement.REPORT_DE_SOLDE,
    TypeMouvement.PROLONGATION,
    TypeMouvement.AJUSTEMENT,
)
SUR_ENGAGE = (TypeMouvement.ENGAGEMENT, TypeMouvement.DESENGAGEMENT)
SUR_VERSE = (TypeMouvement.VERSEMENT, TypeMouvement.RECOUVREMENT)
