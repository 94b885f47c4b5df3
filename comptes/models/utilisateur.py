"""L'utilisateur : connexion par courriel, sans groupes ni superutilisateur (décision 15)."""

from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import _user_has_module_perms, _user_has_perm
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from comptes.enums import INTERNES
from comptes.portees import Portees
from socle.horloge import maintenant


class UtilisateurManager(BaseUserManager):
    """Crée des comptes; il n'existe pas de superutilisateur."""

    def create_user(self, email: str, password: str | None = None, **champs: Any) -> "Utilisateur":
        utilisateur = self.model(email=self.normalize_email(email).lower(), **champs)
        utilisateur.set_password(password)
        utilisateur.save()
        return utilisateur

    def get_by_natural_key(self, email: str) -> "Utilisateur":
        return self.get(email=email.lower())


class Utilisateur(AbstractBaseUser):
    """Une personne : son courriel, son nom. Ses rôles et ses organismes vivent dans `portees`."""

    email = models.EmailField(_("courriel"))
    nom = models.CharField(_("nom"), max_length=120, blank=True)
    telephone = models.CharField(_("téléphone"), max_length=20, blank=True)
    gros_caracteres = models.BooleanField(_("gros caractères au comité"), default=False)
    is_active = models.BooleanField(_("actif"), default=True)
    generation_sessions = models.PositiveIntegerField(default=0, editable=False)
    cree_le = models.DateTimeField(_("créé le"), default=maintenant)

    objects = UtilisateurManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    is_superuser = False

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="utilisateur_courriel_unique",
                violation_error_message=_("Un compte existe déjà avec ce courriel."),
            )
        ]

    def __str__(self) -> str:
        return self.nom or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    @property
    def interne(self) -> bool:
        """Ouvre l'admin : un rôle interne en vigueur, lu à chaque requête; le rôle retiré, la porte se ferme."""
        return self.portees.a_role(*INTERNES)

    @property
    def is_staff(self) -> bool:
        """Exigé par Django : même sens que `interne`."""
        return self.interne

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """L'empreinte de session suit aussi `generation_sessions` : l'augmenter ferme toutes les sessions, à l'instant."""
        return salted_hmac(
            "comptes.models.utilisateur.sessions",
            f"{self.password}:{self.generation_sessions}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @cached_property
    def portees(self) -> Portees:
        """Rôles et adhésions, lus une fois par requête."""
        return Portees(self)

    def has_perm(self, permission: str, objet: Any = None) -> bool:
        return self.is_active and _user_has_perm(self, permission, objet)

    def has_perms(self, permissions: list[str], objet: Any = None) -> bool:
        return all(self.has_perm(permission, objet) for permission in permissions)

    def has_module_perms(self, app: str) -> bool:
        return self.is_active and _user_has_module_perms(self, app)
