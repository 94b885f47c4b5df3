"""Choix des comptes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FormeJuridique(TextChoices):
    OBNL = "obnl", _("Organisme à but non lucratif")
    COOPERATIVE = "cooperative", _("Coopérative assimilable à un OBNL")
    MUNICIPAL = "municipal", _("Municipalité ou MRC")
    CONSEIL_BANDE = "conseil_bande", _("Conseil de bande")
    VILLAGE_NORDIQUE = "village_nordique", _("Village nordique")
    AUTOCHTONE = "autochtone", _("Regroupement autochtone")
    RECHERCHE = "recherche", _("Centre de recherche")
    ENTREPRISE = "entreprise", _("Entreprise privée")


class Role(TextChoices):
    """Rôles d'une affectation (définie dans alliances; nommés ici pour les portées)."""

    COORDINATION = "coordination", _("Coordination")
    AGENT = "agent", _("Agent territorial")
    EVALUATION = "evaluation", _("Membre de comité")
    SECRETARIAT = "secretariat", _("Secrétariat de l’instance")
    FINANCES = "finances", _("Finances")
    TRESORERIE = "tresorerie", _("Trésorerie")
    LECTURE = "lecture", _("Lecture")
    MINISTERE = "ministere", _("Ministère")


EQUIPE = (Role.COORDINATION, Role.SECRETARIAT, Role.FINANCES, Role.TRESORERIE, Role.LECTURE)
INTERNES = (*EQUIPE, Role.AGENT)  # ceux qui ouvrent l'admin; l'agent n'y voit que les demandes de son territoire
