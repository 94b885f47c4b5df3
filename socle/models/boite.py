"""Boîte d'envoi (décision 17), courriels et rappels : des rangées écrites dans la transaction d'affaires."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EtatEnvoi(models.TextChoices):
    EN_ATTENTE = "en_attente", _("En attente")
    POUSSE = "pousse", _("Remis au travailleur")
    FAIT = "fait", _("Fait")
    ECHEC = "echec", _("En échec")


class Envoi(models.Model):
    """Une tâche à pousser à Celery après validation; `cle` empêche le doublon."""

    tache = models.CharField(_("tâche"), max_length=80)
    charge = models.JSONField(_("charge"), default=dict)
    cle = models.CharField(_("clé de dédoublement"), max_length=200, unique=True, null=True)
    etat = models.CharField(_("état"), max_length=12, choices=EtatEnvoi, default=EtatEnvoi.EN_ATTENTE)
    pas_avant = models.DateTimeField(_("pas avant"))
    reclame_le = models.DateTimeField(_("réclamé le"), null=True)
    essais = models.PositiveSmallIntegerField(_("essais"), default=0)
    erreur = models.TextField(_("dernière erreur"), blank=True)
    cree_le = models.DateTimeField(_("créé le"))
    fait_le = models.DateTimeField(_("fait le"), null=True)

    class Meta:
        verbose_name = _("envoi")
        verbose_name_plural = _("boîte d’envoi")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["pas_avant"], condition=models.Q(etat__in=["en_attente", "pousse"]), name="envoi_a_faire"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tache} {self.charge}"


class EtatCourriel(models.TextChoices):
    A_ENVOYER = "a_envoyer", _("À envoyer")
    EN_COURS = "en_cours", _("En cours d’envoi")
    ENVOYE = "envoye", _("Envoyé")
    AMBIGU = "ambigu", _("Envoi incertain")
    ECHEC = "echec", _("En échec")


class ParMandataireQuerySet(models.QuerySet):
    """Rangées qui portent le code d'un mandataire, pour sa coordination; un courriel de compte, sans code, n'est à personne."""

    def visibles_pour(self, utilisateur) -> "ParMandataireQuerySet":
        return self.filter(mandataire_code__in=utilisateur.portees.codes_mandataires("coordination"))


class Courriel(models.Model):
    """Un message écrit une fois, envoyé au plus une fois par essai, au Message-ID fixe."""

    genre = models.CharField(_("genre"), max_length=60)
    destinataire = models.EmailField(_("destinataire"))
    objet = models.CharField(_("objet"), max_length=200)
    texte = models.TextField(_("texte"))
    html = models.TextField(_("HTML"), blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)
    cle = models.CharField(_("clé de dédoublement"), max_length=200, unique=True, null=True)
    objet_type = models.CharField(max_length=60, blank=True)
    objet_id = models.BigIntegerField(null=True)
    mandataire_code = models.CharField(max_length=4, blank=True)
    etat = models.CharField(_("état"), max_length=12, choices=EtatCourriel, default=EtatCourriel.A_ENVOYER)
    essais = models.PositiveSmallIntegerField(_("essais"), default=0)
    erreur = models.TextField(_("dernière erreur"), blank=True)
    cree_le = models.DateTimeField(_("écrit le"))
    envoye_le = models.DateTimeField(_("envoyé le"), null=True)

    objects = ParMandataireQuerySet.as_manager()

    class Meta:
        verbose_name = _("courriel")
        verbose_name_plural = _("courriels")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.objet} → {self.destinataire}"


class Rappel(models.Model):
    """Un rappel déjà donné : unique par objet, genre, échéance et destinataire."""

    objet_type = models.CharField(max_length=60)
    objet_id = models.BigIntegerField()
    genre = models.CharField(_("genre"), max_length=40)
    palier = models.CharField(_("palier"), max_length=20)
    echeance = models.DateTimeField(_("échéance"))
    destinataire = models.EmailField(_("destinataire"))
    mandataire_code = models.CharField(max_length=4, blank=True)
    courriel = models.ForeignKey(
        Courriel, models.PROTECT, null=True, related_name="rappels", verbose_name=_("courriel")
    )
    cree_le = models.DateTimeField(_("créé le"))

    objects = ParMandataireQuerySet.as_manager()

    class Meta:
        verbose_name = _("rappel")
        verbose_name_plural = _("rappels")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["objet_type", "objet_id", "genre", "palier", "echeance", "destinataire"], name="rappel_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.genre} {self.palier} → {self.destinataire}"
