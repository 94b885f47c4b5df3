"""Ce que l'inscription demande en plus du courriel et du mot de passe."""

from django import forms
from django.utils.translation import gettext_lazy as _


class IdentiteForm(forms.Form):
    """Nom de la personne; posé par l'adaptateur (`save_user`)."""

    nom = forms.CharField(label=_("Votre nom"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    field_order = ["nom", "email", "password1", "password2"]

    def signup(self, request, user) -> None:
        """Exigé par allauth; l'adaptateur a déjà posé le nom."""
