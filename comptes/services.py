"""Commandes des comptes."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from comptes.models import Adhesion, Organisme, Utilisateur
from socle.erreurs import Refus


@transaction.atomic
def creer_organisme(*, utilisateur: Utilisateur, instant: datetime, **champs: Any) -> Organisme:
    """Crée l'organisme; la personne en devient membre, avec le mandat de déposer et la signature.

    Refuse un NEQ déjà inscrit : on rejoint un organisme par invitation d'un de ses membres.
    """
    neq = champs.get("neq")
    if neq and Organisme.objects.filter(neq=neq).exists():
        raise Refus(
            _(
                "Un organisme est déjà inscrit avec le NEQ {neq}. Demandez à l’un de ses membres de vous inviter."
            ).format(neq=neq),
            code="neq_pris",
            champ="neq",
        )
    organisme = Organisme.objects.create(**champs, cree_le=instant)
    Adhesion.objects.create(
        utilisateur=utilisateur, organisme=organisme, mandat_de_deposer=True, signataire=True, depuis=instant
    )
    utilisateur.__dict__.pop("portees", None)
    return organisme


@transaction.atomic
def modifier_organisme(*, organisme: Organisme, **champs: Any) -> Organisme:
    """Met à jour la fiche de l'organisme. Refuse un NEQ porté par un autre organisme."""
    neq = champs.get("neq")
    if neq and Organisme.objects.filter(neq=neq).exclude(pk=organisme.pk).exists():
        raise Refus(
            _("Un autre organisme est déjà inscrit avec le NEQ {neq}. Vérifiez-le au Registre des entreprises.").format(
                neq=neq
            ),
            code="neq_pris",
            champ="neq",
        )
    for nom, valeur in champs.items():
        setattr(organisme, nom, valeur)
    organisme.save(update_fields=list(champs))
    return organisme


@transaction.atomic
def inviter_membre(*, organisme: Organisme, email: str, mandat_de_deposer: bool, instant: datetime) -> Adhesion:
    """Ajoute une personne qui a déjà un compte; une ancienne membre revient sans sa signature.

    Refuse un courriel sans compte, ou un membre déjà présent.
    """
    personne = Utilisateur.objects.filter(email=email.lower(), is_active=True).first()
    if personne is None:
        raise Refus(
            _(
                "Aucun compte n’utilise {courriel}. Demandez à cette personne de créer son compte, puis invitez-la."
            ).format(courriel=email),
            code="sans_compte",
            champ="email",
        )
    adhesion, neuve = Adhesion.objects.get_or_create(
        utilisateur=personne, organisme=organisme, defaults={"mandat_de_deposer": mandat_de_deposer, "depuis": instant}
    )
    if not neuve and adhesion.retiree_le is None:
        raise Refus(
            _("{personne} est déjà membre de l’organisme.").format(personne=personne), code="deja_membre", champ="email"
        )
    if not neuve:
        adhesion.retiree_le, adhesion.depuis = None, instant
        adhesion.mandat_de_deposer, adhesion.signataire = mandat_de_deposer, False
        adhesion.save(update_fields=["retiree_le", "depuis", "mandat_de_deposer", "signataire"])
    return adhesion


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
