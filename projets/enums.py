"""Choix des projets."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EtatProjet(TextChoices):
    """Le projet s'arrête à la décision; la suite est l'état de sa convention (décision 6)."""

    BROUILLON = "brouillon", _("Brouillon")
    DEPOSE = "depose", _("Déposé")
    ADMISSIBLE = "admissible", _("Admissible")
    NON_ADMISSIBLE = "non_admissible", _("Non admissible")
    EN_EVALUATION = "en_evaluation", _("En évaluation")
    RECOMMANDE = "recommande", _("Recommandé")
    NON_RECOMMANDE = "non_recommande", _("Non recommandé")
    ACCEPTE = "accepte", _("Accepté")
    LISTE_ATTENTE = "liste_attente", _("Liste d’attente")
    REFUSE = "refuse", _("Refusé")
    RETIRE = "retire", _("Retiré")


class OrigineDemande(TextChoices):
    """Par où la demande est arrivée."""

    EN_LIGNE = "en_ligne", _("En ligne")
    PAPIER = "papier", _("Sur papier")


DECIDES = (EtatProjet.ACCEPTE, EtatProjet.LISTE_ATTENTE, EtatProjet.REFUSE)
# Le parcours d'une demande, en étapes qu'un rapport compte : admissible veut dire jugée admissible, quelle qu'en soit la suite.
ADMISES = (
    EtatProjet.ADMISSIBLE,
    EtatProjet.EN_EVALUATION,
    EtatProjet.RECOMMANDE,
    EtatProjet.NON_RECOMMANDE,
    *DECIDES,
)
# Ce que la coordination a encore devant elle : du dépôt à la décision.
A_L_ETUDE = (
    EtatProjet.DEPOSE,
    EtatProjet.ADMISSIBLE,
    EtatProjet.EN_EVALUATION,
    EtatProjet.RECOMMANDE,
    EtatProjet.NON_RECOMMANDE,
)


class ResultatPoint(TextChoices):
    """Ce qu'on conclut d'un point de la liste d'admissibilité."""

    VERIFIE = "verifie", _("Vérifié")
    NON = "non", _("Non")
    SANS_OBJET = "sans_objet", _("Sans objet")


class GenreNote(TextChoices):
    """Une note interne : un appel téléphonique, ou une remarque."""

    APPEL = "appel", _("Appel téléphonique")
    REMARQUE = "remarque", _("Remarque")


class CategorieDepense(TextChoices):
    SALAIRES = "salaires", _("Salaires et charges")
    HONORAIRES = "honoraires", _("Honoraires")
    MATERIEL = "materiel", _("Matériel et équipement léger")
    ALIMENTS = "aliments", _("Aliments")
    DEPLACEMENTS = "deplacements", _("Déplacements")
    COMMUNICATIONS = "communications", _("Communications")
    ADMINISTRATION = "administration", _("Administration du projet")
    IMMOBILISATIONS = "immobilisations", _("Immobilisations (non admissible)")
    MISSION_GLOBALE = "mission_globale", _("Activités régulières de l’organisme (non admissible)")
    AUTRE = "autre", _("Autre dépense du projet")


class SourceFinancement(TextChoices):
    PROMOTEUR = "promoteur", _("Votre organisme (mise de fonds)")
    MUNICIPAL = "municipal", _("Municipalité ou MRC")
    QUEBEC = "quebec", _("Gouvernement du Québec ou société d’État")
    FEDERAL = "federal", _("Gouvernement du Canada")
    PHILANTHROPIE = "philanthropie", _("Fondation ou philanthropie")
    AUTRE = "autre", _("Autre partenaire")


DANS_LE_CUMUL = (SourceFinancement.MUNICIPAL, SourceFinancement.QUEBEC, SourceFinancement.FEDERAL)


class GenreFinancement(TextChoices):
    ARGENT = "argent", _("En argent")
    NATURE = "nature", _("En nature")


class EtatEvaluation(TextChoices):
    ASSIGNEE = "assignee", _("À faire")
    EN_COURS = "en_cours", _("En cours")
    SOUMISE = "soumise", _("Soumise")
    RETIREE = "retiree", _("Retirée (intérêt déclaré)")
    REMPLACEE = "remplacee", _("Confiée à une autre personne")


EVALUATIONS_OUVERTES = (EtatEvaluation.ASSIGNEE, EtatEvaluation.EN_COURS)
EVALUATIONS_SORTIES = (EtatEvaluation.RETIREE, EtatEvaluation.REMPLACEE)


class LienOrganisme(TextChoices):
    """R25 : le lien avec l'organisme se déclare avant la lecture."""

    AUCUN = "aucun", _("Je n’ai aucun lien avec cet organisme")
    CONFLIT = "conflit", _("J’ai un lien : je me retire de ce dossier")
    DOUTE = "doute", _("Je ne sais pas, j’aimerais en parler")


class NatureInteret(TextChoices):
    """Ce qui lie la personne à l'organisme, dit par elle."""

    EMPLOI = "emploi", _("J’y travaille, ou j’y ai travaillé")
    CONSEIL = "conseil", _("Je siège à son conseil, ou j’en suis membre")
    PROCHE = "proche", _("Un proche y travaille ou y siège")
    CONTRAT = "contrat", _("J’ai un contrat ou un intérêt financier avec lui")
    PARTENAIRE = "partenaire", _("Mon organisation est partenaire du projet")
    AUTRE = "autre", _("Un autre lien")
    NON_DIT = "non_dit", _("Je préfère ne pas le dire")


class OrigineDeclaration(TextChoices):
    """Par où la déclaration est arrivée."""

    PERSONNE = "personne", _("La personne, en ligne")
    PAPIER = "papier", _("La personne, sur papier")
    COORDINATION = "coordination", _("La coordination, à sa demande")


class SensDecision(TextChoices):
    ACCEPTER = "accepter", _("Accepter")
    ATTENTE = "attente", _("Liste d’attente")
    REFUSER = "refuser", _("Refuser")


class EtatConvention(TextChoices):
    GENEREE = "generee", _("À signer par l’organisme")
    SIGNEE_PROMOTEUR = "signee_promoteur", _("À signer par le mandataire")
    ACTIVE = "active", _("Active")
    COMPLETEE = "completee", _("Complétée")


class ConditionVersement(TextChoices):
    SIGNATURE = "signature", _("À la signature de la convention")
    RAPPORT_FINAL = "rapport_final", _("À l’acceptation du rapport final")


class EtatVersement(TextChoices):
    """« Exigible » se déduit de la condition; on range ce qu'un acte change."""

    PREVU = "prevu", _("Prévu")
    APPROUVE = "approuve", _("Approuvé")
    PAYE = "paye", _("Payé")
    ANNULE = "annule", _("Annulé")


class EtatRapport(TextChoices):
    BROUILLON = "brouillon", _("À remettre")
    SOUMIS = "soumis", _("Soumis")
    A_CORRIGER = "a_corriger", _("À corriger")
    ACCEPTE = "accepte", _("Accepté")


class GenreLettre(TextChoices):
    """Ce qu'une lettre annonce."""

    OCTROI = "octroi", _("Octroi complet")
    PARTIEL = "partiel", _("Octroi partiel")
    ATTENTE = "attente", _("Liste d’attente")
    REFUS = "refus", _("Refus")


class EtatBudgetRevise(TextChoices):
    ATTENDU = "attendu", _("À remettre")
    SOUMIS = "soumis", _("Soumis")
    A_CORRIGER = "a_corriger", _("À corriger")
    ACCEPTE = "accepte", _("Accepté")


class EtatLettre(TextChoices):
    """Une lettre part relue, jamais autrement."""

    REDIGEE = "redigee", _("À relire")
    RELUE = "relue", _("Relue")
    ENVOYEE = "envoyee", _("Envoyée")


class EtatPrecision(TextChoices):
    """R22 : en retard se déduit de la limite."""

    OUVERTE = "ouverte", _("Réponse attendue")
    REPONDUE = "repondue", _("Répondue")
    ANNULEE = "annulee", _("Annulée")
