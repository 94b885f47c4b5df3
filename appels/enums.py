"""Choix des appels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EtatAppel(TextChoices):
    """Ce qu'un acte change; « à venir, ouvert, clos » se déduit de l'heure."""

    BROUILLON = "brouillon", _("Brouillon")
    PUBLIE = "publie", _("Publié")
    ANALYSE = "analyse", _("En analyse")
    DECIDE = "decide", _("Décidé")
    ANNONCE = "annonce", _("Annoncé")
    ANNULE = "annule", _("Annulé")


class Phase(TextChoices):
    """Ce que le public lit, déduit de l'état et de l'heure."""

    A_VENIR = "a_venir", _("À venir")
    OUVERT = "ouvert", _("Ouvert")
    ENTRE = "entre", _("Entre deux périodes")
    CLOS = "clos", _("Clos, en analyse")
    ANNONCE = "annonce", _("Décisions rendues")
    ANNULE = "annule", _("Annulé")


class Gravite(TextChoices):
    """Effet d'une règle en défaut au dépôt."""

    BLOQUE = "bloque", _("Obligatoire pour déposer")
    AVERTIT = "avertit", _("Avertissement")
    SUITE = "suite", _("Peut suivre")


class GenreQuestion(TextChoices):
    """Ce qu'une question du formulaire demande."""

    TEXTE_COURT = "texte_court", _("Texte court")
    TEXTE_LONG = "texte_long", _("Texte long")
    CHOIX = "choix", _("Un choix")
    CHOIX_MULTIPLE = "choix_multiple", _("Plusieurs choix")
    NOMBRE = "nombre", _("Nombre entier")
    MONTANT = "montant", _("Montant")
    DATE = "date", _("Date")
    TABLEAU = "tableau", _("Tableau")
    FICHIER = "fichier", _("Fichier")
    TERRITOIRE = "territoire", _("Territoire de l’appel")
    ZONE = "zone", _("Zone où se concentre la pauvreté")
    PRIORITE = "priorite", _("Priorité du plan")


class ModeDepot(TextChoices):
    """Quand on peut déposer."""

    DATE = "date", _("Une seule date limite")
    PERIODES = "periodes", _("Plusieurs périodes de dépôt")
    CONTINU = "continu", _("En continu")


class NatureProjet(TextChoices):
    """R2 : la nature de l'initiative est dite."""

    INTERVENTION = "intervention", _("Intervention")
    NOVATRICE = "novatrice", _("Initiative novatrice")
    STRUCTURANTE = "structurante", _("Initiative structurante")
    EXPERIMENTALE = "experimentale", _("Expérimentation")
    RECHERCHE = "recherche", _("Recherche")


class GenreCondition(TextChoices):
    """Ce qui fait qu'une pièce s'exige ou non."""

    FORME = "forme", _("selon la forme juridique")
    MONTANT = "montant", _("à partir d’un montant demandé")
    NATURE = "nature", _("selon la nature du projet")
    EFFECTIF = "effectif", _("selon l’effectif de l’organisme")
    DOSSIER = "dossier", _("si elle manque au dossier permanent")


class Famille(TextChoices):
    """Les familles de réglages d'un appel : chacune a sa page, et son gel après la publication."""

    RENSEIGNEMENTS = "renseignements", _("Renseignements")
    DEPOT = "depot", _("Dates et mode de dépôt")
    MONTANTS = "montants", _("Montants offerts")
    PARAMETRES = "parametres", _("Bornes et gravité des règles")
    CALENDRIER = "calendrier", _("Calendrier des étapes")
    PIECES = "pieces", _("Pièces exigées")
    FORMULAIRE = "formulaire", _("Formulaire")
    GRILLE = "grille", _("Grille d’évaluation")
    COMITE = "comite", _("Travail du comité")
    CONTACT = "contact", _("Qui appeler")
    GUIDE = "guide", _("Guide")


class PhaseComite(TextChoices):
    """Où en est le travail du comité sur l'appel; l'heure le dit (appels/regles/phases.py)."""

    LECTURE = "lecture", _("Lecture et notes individuelles")
    COMMUN = "commun", _("Mise en commun")
    SEANCE = "seance", _("Séance")
    CLOSE = "close", _("Notes closes")


class EtatQuestion(TextChoices):
    """Une question du public se lit par la coordination avant tout le monde."""

    RECUE = "recue", _("À répondre")
    PUBLIEE = "publiee", _("Publiée")
    ECARTEE = "ecartee", _("Écartée")
