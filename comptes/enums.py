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


class GenreDocument(TextChoices):
    """Ce qu'un organisme donne une fois, daté, et réutilise."""

    LETTRES_PATENTES = "lettres_patentes", _("Lettres patentes ou acte constitutif")
    REGLEMENTS = "reglements", _("Statuts et règlements")
    RAPPORT_ANNUEL = "rapport_annuel", _("Rapport annuel d’activités")
    ETATS_FINANCIERS = "etats_financiers", _("États financiers")
    RESOLUTION = "resolution", _("Résolution du conseil d’administration")
    ASSURANCE = "assurance", _("Attestation d’assurance")
    OQLF = "oqlf", _("Document de l’Office québécois de la langue française")
    AUTRE = "autre", _("Autre document")


class EtatDemande(TextChoices):
    """Une demande de rejoindre, ou une correction proposée : un membre tranche."""

    EN_ATTENTE = "en_attente", _("En attente")
    CONFIRMEE = "confirmee", _("Confirmée")
    REFUSEE = "refusee", _("Refusée")
