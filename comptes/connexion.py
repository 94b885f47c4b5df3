"""Connexion par courriel (django-allauth) : courriels par la boîte d'envoi, aucune permission de modèle."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.template.loader import render_to_string
from django.urls import reverse

from socle import courriels
from socle.horloge import maintenant


class ConnexionCourriel(AuthenticationBackend):
    """Authentifie par courriel. Les permissions viennent des seuls prédicats `rules`."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False


class AdaptateurComptes(DefaultAccountAdapter):
    """Les courriels de compte passent eux aussi par la boîte d'envoi : Redis ou SMTP arrêté ne bloque personne."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        contexte = {**context, "email": email}
        courriels.mettre_en_boite(
            genre=f"compte:{template_prefix.rpartition('/')[2]}",
            destinataire=email,
            objet=render_to_string(f"{template_prefix}_subject.txt", contexte).strip(),
            texte=render_to_string(f"{template_prefix}_message.txt", contexte).strip() + "\n",
            instant=maintenant(),
        )

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        user.nom = form.cleaned_data.get("nom", "")
        return super().save_user(request, user, form, commit)


JOURS_INVITATION = 7


class _JetonsInvitation(PasswordResetTokenGenerator):
    """Le même jeton, lu par une horloge en retard : il vaut sept jours."""

    def _now(self) -> datetime:
        return super()._now() - timedelta(days=JOURS_INVITATION) + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


class JetonsCompte(PasswordResetTokenGenerator):
    """Jetons de mot de passe : une heure pour en changer, sept jours pour choisir le premier, une seule fois."""

    def check_token(self, user: Any, token: str | None) -> bool:
        if user is not None and not user.has_usable_password():
            return _JetonsInvitation().check_token(user, token)
        return super().check_token(user, token)


def lien_de_mot_de_passe(utilisateur: Any) -> str:
    """Adresse où la personne choisit son mot de passe; elle ne se montre qu'à elle, par courriel."""
    chemin = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(utilisateur), "key": JetonsCompte().make_token(utilisateur)},
    )
    return courriels.adresse_absolue(chemin)
