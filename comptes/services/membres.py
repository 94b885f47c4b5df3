"""Les membres d'un organisme : inviter par courriel, accepter, changer un rôle, retirer, demander à rejoindre."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from comptes.enums import EtatDemande
from comptes.models import Adhesion, DemandeAdhesion, Invitation, Organisme, Utilisateur
from comptes.requetes import courriel_confirme
from socle import courriels
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit

DUREE_INVITATION = timedelta(days=14)
DELAI_CONFIRMATION = timedelta(hours=24)
DEMANDES_MAX = 5
DROIT = "comptes.inviter_membre"


def empreinte_du_jeton(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


@transaction.atomic
def inviter_membre(
    *,
    organisme: Organisme,
    email: str,
    mandat_de_deposer: bool,
    signataire: bool,
    auteur: Utilisateur,
    instant: datetime,
) -> Invitation:
    """Envoie une invitation à usage unique, valable quatorze jours; une nouvelle remplace celle qui attendait.

    Refuse : une personne sans le mandat, ou qui n'a pas confirmé son courriel en 24 heures; un membre déjà présent, une signature donnée par qui ne l'a pas.
    """
    verifier_droit(auteur, DROIT, organisme, _("Inviter un membre"))
    if instant >= auteur.cree_le + DELAI_CONFIRMATION and not courriel_confirme(auteur):
        raise Refus(
            _(
                "Confirmez d’abord votre courriel : le lien est dans le message reçu à l’inscription, ou s’en redemande."
            ),
            code="courriel",
        )
    _verrouiller(organisme)
    email = email.strip().lower()
    if _adresse_d_un_membre(organisme, email):
        raise Refus(
            _("{personne} est déjà membre de l’organisme.").format(personne=email), code="deja_membre", champ="email"
        )
    _verifier_signature(organisme, signataire, auteur)
    organisme.invitations.filter(email=email, acceptee_le__isnull=True, annulee_le__isnull=True).update(
        annulee_le=instant
    )
    jeton = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisme=organisme,
        email=email,
        mandat_de_deposer=mandat_de_deposer,
        signataire=signataire,
        jeton=empreinte_du_jeton(jeton),
        invitee_par=auteur,
        cree_le=instant,
        expire_le=instant + DUREE_INVITATION,
    )
    noter_transition(invitation, action="inviter", de="", vers="en_attente", auteur=auteur, instant=instant)
    lien = courriels.adresse_absolue(reverse("comptes:invitation", args=[jeton]))
    _ecrire("invitation", email, _("Rejoindre {organisme}"), organisme, instant, invitation=invitation, lien=lien)
    return invitation


@transaction.atomic
def annuler_invitation(*, invitation: Invitation, auteur: Utilisateur, instant: datetime) -> Invitation:
    """Rend le lien inutilisable. Refuse une invitation déjà acceptée."""
    verifier_droit(auteur, DROIT, invitation.organisme, _("Annuler l’invitation"))
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.acceptee_le is not None:
        raise Refus(_("Cette invitation est déjà acceptée : retirez plutôt le membre."), code="etat")
    if invitation.annulee_le is None:
        invitation.annulee_le = instant
        invitation.save(update_fields=["annulee_le"])
        noter_transition(invitation, action="annuler", de="en_attente", vers="annulee", auteur=auteur, instant=instant)
    return invitation


@transaction.atomic
def accepter_invitation(*, invitation: Invitation, auteur: Utilisateur, instant: datetime) -> Adhesion:
    """Fait de la personne un membre, une seule fois; le lien reçu prouve aussi son adresse.

    Refuse : un lien expiré, annulé ou déjà utilisé; un compte dont l'adresse n'est pas celle de l'invitation.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisme", "invitee_par")
        .get(pk=invitation.pk)
    )
    if not invitation.utilisable(instant):
        raise Refus(
            _("Cette invitation ne sert plus : elle a expiré, a été annulée ou a déjà servi. Demandez-en une autre."),
            code="perimee",
        )
    if not est_adresse_de(auteur, invitation.email):
        raise Refus(_("Cette invitation est adressée à un autre courriel que celui de votre compte."), code="adresse")
    EmailAddress.objects.filter(user=auteur, email__iexact=invitation.email).update(verified=True)
    adhesion = _faire_membre(
        invitation.organisme,
        auteur,
        mandat=invitation.mandat_de_deposer,
        signataire=invitation.signataire,
        instant=instant,
    )
    invitation.acceptee_le, invitation.acceptee_par = instant, auteur
    invitation.save(update_fields=["acceptee_le", "acceptee_par"])
    noter_transition(invitation, action="accepter", de="en_attente", vers="acceptee", auteur=auteur, instant=instant)
    return adhesion


def est_adresse_de(utilisateur: Utilisateur, email: str) -> bool:
    """L'adresse est celle du compte, ou une de ses adresses."""
    return (
        utilisateur.email.lower() == email.lower()
        or EmailAddress.objects.filter(user=utilisateur, email__iexact=email).exists()
    )


@transaction.atomic
def changer_roles(
    *, adhesion: Adhesion, mandat_de_deposer: bool, signataire: bool, auteur: Utilisateur, instant: datetime
) -> Adhesion:
    """Donne ou retire le mandat et la signature. Refuse de laisser l'organisme sans personne au mandat."""
    organisme = adhesion.organisme
    verifier_droit(auteur, DROIT, organisme, _("Changer un rôle"))
    _verrouiller(organisme)
    adhesion = Adhesion.objects.select_for_update(of=("self",)).get(pk=adhesion.pk, retiree_le__isnull=True)
    if not mandat_de_deposer:
        _garder_un_mandat(adhesion)
    if signataire and not adhesion.signataire:
        _verifier_signature(organisme, signataire, auteur)
    avant = _roles(adhesion)
    adhesion.mandat_de_deposer, adhesion.signataire = mandat_de_deposer, signataire
    adhesion.save(update_fields=["mandat_de_deposer", "signataire"])
    noter_transition(adhesion, action="roles", de=avant, vers=_roles(adhesion), auteur=auteur, instant=instant)
    return adhesion


@transaction.atomic
def retirer_membre(*, adhesion: Adhesion, auteur: Utilisateur, instant: datetime) -> Adhesion:
    """Retire un membre (ou soi-même) : la requête suivante ne voit plus rien de l'organisme.

    Refuse de retirer la dernière personne au mandat.
    """
    organisme = adhesion.organisme
    if adhesion.utilisateur_id != auteur.pk:
        verifier_droit(auteur, DROIT, organisme, _("Retirer un membre"))
    _verrouiller(organisme)
    adhesion = Adhesion.objects.select_for_update(of=("self",)).get(pk=adhesion.pk)
    if adhesion.retiree_le is not None:
        return adhesion
    _garder_un_mandat(adhesion)
    avant = _roles(adhesion)
    adhesion.retiree_le, adhesion.mandat_de_deposer, adhesion.signataire = instant, False, False
    adhesion.save(update_fields=["retiree_le", "mandat_de_deposer", "signataire"])
    noter_transition(adhesion, action="retirer", de=avant, vers="retire", auteur=auteur, instant=instant)
    return adhesion


@transaction.atomic
def demander_a_rejoindre(*, neq: str, mot: str, utilisateur: Utilisateur, instant: datetime) -> DemandeAdhesion | None:
    """Demande à rejoindre l'organisme de ce NEQ; la réponse à l'écran est la même qu'il existe ou non.

    Rend `None` sans rien écrire si aucun organisme n'a ce NEQ. Refuse : cinq demandes en attente.
    """
    if DemandeAdhesion.objects.filter(utilisateur=utilisateur, etat=EtatDemande.EN_ATTENTE).count() >= DEMANDES_MAX:
        raise Refus(
            _("Vous avez déjà {n} demandes en attente. Attendez une réponse avant d’en faire une autre.").format(
                n=DEMANDES_MAX
            ),
            code="trop",
        )
    organisme = Organisme.objects.filter(neq=neq).first()
    if organisme is None or organisme.pk in utilisateur.portees.organismes:
        return None
    demande, neuve = DemandeAdhesion.objects.get_or_create(
        organisme=organisme,
        utilisateur=utilisateur,
        etat=EtatDemande.EN_ATTENTE,
        defaults={"mot": mot.strip(), "demandee_le": instant},
    )
    if neuve:
        noter_transition(demande, action="demander", de="", vers=demande.etat, auteur=utilisateur, instant=instant)
        lien = courriels.adresse_absolue(reverse("comptes:membres", args=[organisme.uuid]))
        for adhesion in organisme.adhesions.filter(retiree_le__isnull=True, mandat_de_deposer=True).select_related(
            "utilisateur"
        ):
            objet = _("Une personne demande à rejoindre {organisme}")
            _ecrire("rejoindre", adhesion.utilisateur.email, objet, organisme, instant, demande=demande, lien=lien)
    return demande


@transaction.atomic
def trancher_adhesion(
    *, demande: DemandeAdhesion, confirmer: bool, mandat_de_deposer: bool, auteur: Utilisateur, instant: datetime
) -> DemandeAdhesion:
    """Confirme la demande (la personne devient membre, sans signature) ou la refuse, et le lui écrit."""
    demande = (
        DemandeAdhesion.objects.select_for_update(of=("self",))
        .select_related("organisme", "utilisateur")
        .get(pk=demande.pk)
    )
    verifier_droit(auteur, DROIT, demande.organisme, _("Confirmer un membre"))
    if demande.etat != EtatDemande.EN_ATTENTE:
        raise Refus(_("Cette demande est déjà tranchée."), code="etat")
    if confirmer:
        _faire_membre(
            demande.organisme, demande.utilisateur, mandat=mandat_de_deposer, signataire=False, instant=instant
        )
    demande.etat = EtatDemande.CONFIRMEE if confirmer else EtatDemande.REFUSEE
    demande.traitee_par, demande.traitee_le = auteur, instant
    demande.save(update_fields=["etat", "traitee_par", "traitee_le"])
    noter_transition(
        demande, action="trancher", de=EtatDemande.EN_ATTENTE, vers=demande.etat, auteur=auteur, instant=instant
    )
    _ecrire(
        "rejoindre_reponse",
        demande.utilisateur.email,
        _("Votre demande de rejoindre un organisme"),
        demande.organisme,
        instant,
        demande=demande,
        lien=courriels.adresse_absolue(reverse(settings.LOGIN_REDIRECT_URL)),
    )
    return demande


def _verrouiller(organisme: Organisme) -> None:
    """Un changement de membres à la fois : deux retraits simultanés ne laissent pas l'organisme sans mandat."""
    Organisme.objects.select_for_update(no_key=True).get(pk=organisme.pk)


def _roles(adhesion: Adhesion) -> str:
    roles = [nom for nom, vrai in (("mandat", adhesion.mandat_de_deposer), ("signature", adhesion.signataire)) if vrai]
    return "+".join(roles) or "redaction"


def _adresse_d_un_membre(organisme: Organisme, email: str) -> bool:
    return organisme.adhesions.filter(retiree_le__isnull=True, utilisateur__email__iexact=email).exists()


def _verifier_signature(organisme: Organisme, signataire: bool, auteur: Utilisateur) -> None:
    if signataire and not auteur.portees.signe(organisme.pk):
        raise Refus(
            _("Seule une personne qui signe déjà pour l’organisme peut donner la signature."),
            code="signature",
            champ="signataire",
        )


def _garder_un_mandat(adhesion: Adhesion) -> None:
    autres = Adhesion.objects.filter(
        organisme=adhesion.organisme_id, retiree_le__isnull=True, mandat_de_deposer=True, utilisateur__is_active=True
    ).exclude(pk=adhesion.pk)
    if adhesion.mandat_de_deposer and not autres.exists():
        raise Refus(
            _("C’est la dernière personne qui a le mandat de déposer : donnez-le d’abord à un autre membre."),
            code="dernier_mandat",
        )


def _faire_membre(
    organisme: Organisme, personne: Utilisateur, *, mandat: bool, signataire: bool, instant: datetime
) -> Adhesion:
    """Un membre neuf, ou une ancienne membre qui revient avec les seuls rôles dits ici."""
    adhesion, neuve = Adhesion.objects.get_or_create(
        utilisateur=personne,
        organisme=organisme,
        defaults={"mandat_de_deposer": mandat, "signataire": signataire, "depuis": instant},
    )
    if not neuve and adhesion.retiree_le is not None:
        adhesion.retiree_le, adhesion.depuis = None, instant
        adhesion.mandat_de_deposer, adhesion.signataire = mandat, signataire
        adhesion.save(update_fields=["retiree_le", "depuis", "mandat_de_deposer", "signataire"])
    personne.__dict__.pop("portees", None)
    return adhesion


def _ecrire(genre: str, adresse: str, objet: str, organisme: Organisme, instant: datetime, **contexte: Any) -> None:
    courriels.ecrire(
        f"comptes/{genre}",
        destinataire=adresse,
        objet=objet.format(organisme=organisme.nom),
        instant=instant,
        objet_lie=organisme,
        contexte={"organisme": organisme, **contexte},
    )
