"""Les formulaires de compte d'allauth, à nos mots : libellés d'ici, aucun texte fantôme dans les champs."""

from typing import Any

from allauth.account import forms as allauth
from django.utils.translation import gettext_lazy as _

from socle.formulaires import FormulairePortail

LIBELLES = {
    "login": _("Courriel"),
    "email": _("Courriel"),
    "password": _("Mot de passe"),
    "password1": _("Mot de passe"),
    "password2": _("Le même mot de passe, encore une fois"),
    "oldpassword": _("Mot de passe actuel"),
}
NOUVEAU = _("Quinze caractères au moins. Quelques mots qui vous parlent font un bon mot de passe.")


class FormulaireCompte(FormulairePortail):
    """Retire les textes fantômes, qui disparaissent quand on écrit, et pose les libellés."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.widget.attrs.pop("placeholder", None)
            champ.label = LIBELLES.get(nom, champ.label)
            champ.help_text = NOUVEAU if nom == "password1" else ""


class ConnexionForm(FormulaireCompte, allauth.LoginForm):
    pass


class InscriptionForm(FormulaireCompte, allauth.SignupForm):
    pass


class OubliForm(FormulaireCompte, allauth.ResetPasswordForm):
    pass


class NouveauMotDePasseForm(FormulaireCompte, allauth.ResetPasswordKeyForm):
    pass


class ChangerMotDePasseForm(FormulaireCompte, allauth.ChangePasswordForm):
    pass


class AjouterCourrielForm(FormulaireCompte, allauth.AddEmailForm):
    pass
