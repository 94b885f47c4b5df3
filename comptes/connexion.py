"""Connexion par courriel (django-allauth) : courriels par la boîte d'envoi, aucune permission de modèle."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.template.loader import render_to_string

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
