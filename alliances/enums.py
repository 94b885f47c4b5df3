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
    """Ce qu'un acte change; « échue » se déduit de la date (décision 5)."""

    BROUILLON = "brouillon", _("Brouillon")
    ACTIVE = "active", _("Active")
    SUSPENDUE = "suspendue", _("Suspendue")
    EN_CLOTURE = "en_cloture", _("En clôture")
    CLOSE = "close", _("Clôturée")


class PartieSignataire(TextChoices):
    """Les trois parties d'une entente."""

    MINISTERE = "ministere", _("Le ministère")
    ELUS = "elus", _("Les élus de la région")
    MANDATAIRE = "mandataire", _("Le mandataire")


class PorteeTerritoire(TextChoices):
    LOCALE = "locale", _("Locale")
    SOUS_REGIONALE = "sous_regionale", _("Sous-régionale")
    REGIONALE = "regionale", _("Régionale")
    AUTOCHTONE = "autochtone", _("Autochtone")


class NatureEnveloppe(TextChoices):
    TERRITORIALE = "territoriale", _("Territoriale")
    REGIONALE = "regionale", _("Régionale")
    ADMINISTRATION = "administration", _("Administration")


class GenreInstance(TextChoices):
    """Qui décide des octrois (R27)."""

    CONSEIL_ADMINISTRATION = "conseil_administration", _("Conseil d’administration")
    CONSEIL_MRC = "conseil_mrc", _("Conseil de la MRC")
    COMITE_EXECUTIF = "comite_executif", _("Comité exécutif")
    CONSEIL_BANDE = "conseil_bande", _("Conseil de bande")
    TABLE = "table", _("Table des préfets ou des élus")
    AUTRE = "autre", _("Autre instance")


class Pouvoir(TextChoices):
    """Ce qu'une délégation confie."""

    RECEVOIR = "recevoir", _("Recevoir les demandes")
    EXAMINER = "examiner", _("Examiner l’admissibilité")
    EVALUER = "evaluer", _("Évaluer")
    DECIDER = "decider", _("Décider des octrois")
    VERSER = "verser", _("Verser")
    RENDRE_COMPTE = "rendre_compte", _("Faire rapport au mandataire")


class EtatPlan(TextChoices):
    BROUILLON = "brouillon", _("Brouillon")
    DEPOSE = "depose", _("Déposé")
    ACCEPTE = "accepte", _("Accepté, en vigueur")
    REMPLACE = "remplace", _("Remplacé")


class EtatObjectif(TextChoices):
    """L'état d'un objectif du plan : déduit de son échéance et de `fait_le`, jamais rangé (décision 5)."""

    A_FAIRE = "a_faire", _("À faire")
    FAIT = "fait", _("Fait")
    EN_RETARD = "en_retard", _("En retard")


class NiveauPriorite(TextChoices):
    MINISTERE = "ministere", _("Du ministère")
    REGIONALE = "regionale", _("Régionale")
    LOCALE = "locale", _("Locale")


class FamillePartenaire(TextChoices):
    """Les huit familles de partenaires des tables régionales."""

    MUNICIPAL = "municipal", _("MRC et municipalités")
    GOUVERNEMENTAL = "gouvernemental", _("Partenaires gouvernementaux (CAR)")
    ELUS = "elus", _("Ministres régionaux et députés")
    COMMUNAUTAIRE = "communautaire", _("Organismes communautaires et philanthropiques")
    CONCERTATION = "concertation", _("Représentants du milieu communautaire (CDC)")
    SCOLAIRE = "scolaire", _("Institutions scolaires")
    SANTE = "sante", _("CISSS et CIUSSS")
    AFFAIRES = "affaires", _("Milieux des affaires")


class NatureContribution(TextChoices):
    ARGENT = "argent", _("Argent")
    NATURE = "nature", _("Biens et services")
    TEMPS = "temps", _("Temps de travail")


class TypeComite(TextChoices):
    TABLE = "table", _("Table régionale de concertation")
    REFLEXION = "reflexion", _("Réflexion stratégique")
    ANALYSE = "analyse", _("Analyse des projets")
    ORIENTATION = "orientation", _("Orientation")
    LOCAL = "local", _("Comité local")


class RoleMembre(TextChoices):
    PRESIDENCE = "presidence", _("Présidence")
    SECRETARIAT = "secretariat", _("Secrétariat")
    MEMBRE = "membre", _("Membre")
    OBSERVATION = "observation", _("Observation")


class GroupeAge(TextChoices):
    """Le groupe que la personne représente, pas son âge."""

    JEUNES = "jeunes", _("Jeunes")
    ADULTES = "adultes", _("Adultes")
    AINES = "aines", _("Aînées et aînés")


class EtatSiege(TextChoices):
    """Un siège de personne experte de vécu : l'état du siège, jamais un fait sur une personne."""

    VACANT = "vacant", _("Vacant")
    INVITE = "invite", _("Invitation faite")
    POURVU = "pourvu", _("Pourvu")


class EtatAvis(TextChoices):
    DEMANDE = "demande", _("Demandé")
    RECU = "recu", _("Reçu")
    SANS_SUITE = "sans_suite", _("Sans suite")


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
