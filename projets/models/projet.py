"""Le projet, ses activités et ses résultats attendus."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, Enveloppe, Priorite, ZoneVisee
from alliances.portees import dans_la_portee
from appels.enums import NatureProjet
from appels.models import Appel, FormulaireVersion
from comptes.enums import EQUIPE, Role
from comptes.models import Organisme
from projets.enums import EtatProjet, OrigineDemande

VUS_DU_MINISTERE = (EtatProjet.ACCEPTE,)


def portee_projet(utilisateur, prefixe: str = "") -> Q:
    """Condition de portée : le sien; déposé chez son mandataire ou dans son territoire; accepté, pour le ministère."""
    portees = utilisateur.portees
    condition = Q(**{f"{prefixe}organisme__in": portees.organismes})
    equipe, territoires = portees.mandataires(*EQUIPE), portees.territoires(Role.AGENT)
    if territoires:
        condition |= Q(**{f"{prefixe}enveloppe__territoire__in": territoires, f"{prefixe}depose_le__isnull": False})
    if equipe:
        condition |= Q(**{f"{prefixe}entente__mandataire__in": equipe, f"{prefixe}depose_le__isnull": False})
    if portees.ministere:
        condition |= dans_la_portee(utilisateur, f"{prefixe}entente__mandataire", "ministere") & Q(
            **{f"{prefixe}etat__in": VUS_DU_MINISTERE}
        )
    return condition


class ProjetQuerySet(models.QuerySet["Projet"]):
    def visibles_pour(self, utilisateur) -> "ProjetQuerySet":
        return self.filter(portee_projet(utilisateur))

    def de_ses_organismes(self, utilisateur) -> "ProjetQuerySet":
        """Les projets des organismes dont la personne est membre (espace du promoteur)."""
        return self.filter(organisme__in=utilisateur.portees.organismes)

    def du_portail(self, utilisateur) -> "ProjetQuerySet":
        """Ce qu'une personne écrit au portail : ses organismes, les brouillons partagés avec elle, les demandes papier."""
        portees = utilisateur.portees
        condition = Q(organisme__in=portees.organismes)
        territoires, coordonnes = portees.territoires(Role.AGENT), portees.mandataires(Role.COORDINATION)
        if territoires:
            condition |= Q(partage_le__isnull=False, etat=EtatProjet.BROUILLON, enveloppe__territoire__in=territoires)
        if coordonnes:
            condition |= Q(origine=OrigineDemande.PAPIER, entente__mandataire__in=coordonnes)
        return self.filter(condition)

    def deposes(self) -> "ProjetQuerySet":
        return self.filter(depose_le__isnull=False)


class Projet(models.Model):
    """Une demande d'aide. Numérotée au premier dépôt; jamais effacée ensuite (décision 3)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entente = models.ForeignKey(Entente, models.PROTECT, related_name="projets", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="projets", verbose_name=_("appel"))
    organisme = models.ForeignKey(Organisme, models.PROTECT, related_name="projets", verbose_name=_("organisme"))
    enveloppe = models.ForeignKey(
        Enveloppe, models.PROTECT, null=True, blank=True, related_name="projets", verbose_name=_("territoire")
    )
    remplace = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reprises",
        verbose_name=_("demande déposée que ce brouillon modifie"),
    )
    origine = models.CharField(
        _("origine"), max_length=8, choices=OrigineDemande, default=OrigineDemande.EN_LIGNE, editable=False
    )
    recu_le = models.DateTimeField(_("formulaire papier reçu le"), null=True, editable=False)
    partage_le = models.DateTimeField(_("partagé avec l’agent le"), null=True, editable=False)
    partage_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("partagé par"),
    )
    responsable = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="dossiers_confies",
        verbose_name=_("responsable du dossier"),
    )
    numero = models.CharField(_("numéro"), max_length=24, unique=True, null=True, editable=False)
    etat = models.CharField(_("état"), max_length=16, choices=EtatProjet, default=EtatProjet.BROUILLON)
    titre = models.CharField(_("titre"), max_length=160)
    resume_public = models.TextField(_("résumé public"), blank=True)
    besoin = models.TextField(_("besoin"), blank=True)
    objectifs = models.TextField(_("objectifs"), blank=True)
    clienteles = models.TextField(_("personnes visées"), blank=True)
    personnes_visees = models.PositiveIntegerField(_("nombre de personnes visées"), null=True, blank=True)
    priorite = models.ForeignKey(
        Priorite, models.PROTECT, null=True, blank=True, related_name="projets", verbose_name=_("priorité principale")
    )
    zone = models.ForeignKey(
        ZoneVisee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projets",
        verbose_name=_("zone où se concentre la pauvreté"),
    )
    nature = models.CharField(_("nature"), max_length=15, choices=NatureProjet, blank=True)
    participation = models.TextField(_("participation des personnes concernées"), blank=True)
    ancrage = models.TextField(_("ancrage dans le milieu"), blank=True)
    partenaires = models.TextField(_("partenaires"), blank=True)
    perennite = models.TextField(_("pérennité"), blank=True)
    zone_visee = models.BooleanField(_("dans une zone où se concentre la pauvreté"), null=True, blank=True)
    debut = models.DateField(_("début"), null=True, blank=True)
    fin = models.DateField(_("fin"), null=True, blank=True)
    montant_demande = models.DecimalField(_("montant demandé"), max_digits=14, decimal_places=2, null=True, blank=True)
    formulaire = models.ForeignKey(
        FormulaireVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projets",
        verbose_name=_("version du formulaire"),
    )
    formulaire_vu = models.PositiveSmallIntegerField(_("dernière version du formulaire vue"), default=0, editable=False)
    versions = models.JSONField(_("dernière écriture de chaque champ"), default=dict, editable=False)
    illisibles = models.JSONField(_("saisies gardées, pas encore lisibles"), default=dict, editable=False)
    sections_vues = models.JSONField(default=list, editable=False)
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("créé par"))
    cree_le = models.DateTimeField(_("créé le"))
    enregistre_le = models.DateTimeField(_("enregistré le"))
    depose_le = models.DateTimeField(_("déposé le"), null=True, editable=False)
    decide_le = models.DateTimeField(_("décidé le"), null=True, editable=False)

    objects = ProjetQuerySet.as_manager()

    class Meta:
        verbose_name = _("projet")
        verbose_name_plural = _("projets")
        ordering = ["-depose_le", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat="brouillon", numero__isnull=True, depose_le__isnull=True)
                | Q(etat="retire")
                | ~Q(etat="brouillon") & Q(numero__isnull=False, depose_le__isnull=False),
                name="projet_depot_numero",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["accepte", "refuse", "liste_attente"]) | Q(decide_le__isnull=False),
                name="projet_decide",
            ),
            models.UniqueConstraint(
                fields=["remplace"], condition=Q(etat="brouillon"), name="projet_une_reprise_ouverte"
            ),
            models.CheckConstraint(
                condition=Q(origine="papier", recu_le__isnull=False) | Q(origine="en_ligne", recu_le__isnull=True),
                name="projet_papier_recu",
            ),
            models.CheckConstraint(
                condition=Q(montant_demande__isnull=True) | Q(montant_demande__gte=0), name="projet_montant"
            ),
        ]
        indexes = [
            models.Index(fields=["entente", "etat", "-depose_le"], name="projet_file"),
            models.Index(fields=["organisme", "etat"], name="projet_organisme_etat"),
        ]

    actes_au_journal = {
        "confier_dossier": _("Responsable"),
        "deplacer": _("Enveloppe"),
        "relancer_pieces": _("Pièces relancées"),
        "redeposer": _("Déposée de nouveau"),
        "signer": _("Signée"),
    }

    def __str__(self) -> str:
        return f"{self.numero} {self.titre}" if self.numero else self.titre

    def get_absolute_url(self) -> str:
        return reverse("projets:projet", args=[self.uuid])

    @property
    def est_brouillon(self) -> bool:
        return self.etat == EtatProjet.BROUILLON


class Activite(models.Model):
    """Une activité prévue et ses dates."""

    projet = models.ForeignKey(Projet, models.CASCADE, related_name="activites")
    libelle = models.CharField(_("activité"), max_length=200)
    debut = models.DateField(_("du"), null=True, blank=True)
    fin = models.DateField(_("au"), null=True, blank=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("activité")
        verbose_name_plural = _("activités")
        ordering = ["projet_id", "ordre", "id"]

    def __str__(self) -> str:
        return self.libelle


class ResultatAttendu(models.Model):
    """Un indicateur et sa cible; le rapport final y met le réel."""

    projet = models.ForeignKey(Projet, models.CASCADE, related_name="resultats")
    indicateur = models.CharField(_("résultat attendu"), max_length=200)
    cible = models.PositiveIntegerField(_("cible"), null=True, blank=True)
    obtenu = models.PositiveIntegerField(_("obtenu"), null=True, blank=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("résultat attendu")
        verbose_name_plural = _("résultats attendus")
        ordering = ["projet_id", "ordre", "id"]

    def __str__(self) -> str:
        return self.indicateur
