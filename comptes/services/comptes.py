"""Ouvrir un compte, fermer ses sessions."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from comptes.models import Utilisateur
from socle.erreurs import Refus


@transaction.atomic
def ouvrir_compte(*, email: str, nom: str, instant: datetime) -> tuple[Utilisateur, bool]:
    """Le compte de ce courriel (aussi comme adresse confirmée), ou un compte neuf; dit s'il est neuf.

    Un compte neuf n'a pas de mot de passe utilisable : la personne le choisit par le lien de son invitation. Refuse un
    compte fermé.
    """
    email = email.strip().lower()
    confirmee = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    personne = confirmee.user if confirmee else Utilisateur.objects.filter(email=email).first()
    if personne is None:
        personne = Utilisateur.objects.create_user(email, nom=nom, cree_le=instant)
        EmailAddress.objects.create(user=personne, email=email, primary=True, verified=False)
        return personne, True
    if not personne.is_active:
        raise Refus(
            _("Le compte de {courriel} est fermé : aucun accès ne s’y ajoute.").format(courriel=email),
            code="compte_ferme",
            champ="email",
        )
    return personne, False


def fermer_sessions(*, utilisateur: Utilisateur) -> None:
    """Ferme toutes les sessions de la personne : la requête suivante de chacune est refusée."""
    Utilisateur.objects.filter(pk=utilisateur.pk).update(generation_sessions=F("generation_sessions") + 1)
    utilisateur.refresh_from_db(fields=["generation_sessions"])
