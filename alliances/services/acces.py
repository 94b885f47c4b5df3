"""Qui a accès à quoi : inviter par courriel, changer les dates, retirer à l'instant."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.models import Affectation, Mandataire, Territoire
from alliances.regles.periodes import chevauchement
from comptes.connexion import JOURS_INVITATION, lien_de_mot_de_passe
from comptes.enums import Role
from comptes.models import Utilisateur
from comptes.services.comptes import fermer_sessions, ouvrir_compte
from socle import courriels
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import jour_local

DROIT = "alliances.gerer_acces"


@transaction.atomic
def inviter_personne(
    *,
    mandataire: Mandataire,
    email: str,
    role: str,
    debut: date,
    auteur: Any,
    instant: datetime,
    nom: str = "",
    territoire: Territoire | None = None,
    fin: date | None = None,
) -> Affectation:
    """Donne un rôle chez le mandataire, de `debut` à `fin` (compris), et prévient la personne par courriel.

    Sans compte, elle en reçoit un, sans mot de passe, et le lien pour le choisir. Refuse : un rôle du ministère, des dates
    à l'envers ou déjà passées, un agent sans territoire, un territoire d'un autre mandataire, un rôle déjà en vigueur.
    """
    verifier_droit(auteur, DROIT, mandataire, _("Inviter une personne"))
    _verifier_dates(debut, fin, jour_local(instant))
    _verifier_role(mandataire, role, territoire)
    _verrouiller(mandataire)
    personne, _neuve = ouvrir_compte(email=email, nom=nom, instant=instant)
    retenu = territoire if role == Role.AGENT else None
    _refuser_doublon(personne, mandataire, role, retenu, debut, fin)
    affectation = Affectation.objects.create(
        utilisateur=personne,
        role=role,
        mandataire=mandataire,
        territoire=retenu,
        debut=debut,
        fin=fin,
        invitee_par=auteur,
    )
    noter_transition(affectation, action="inviter", de="", vers="en_vigueur", auteur=auteur, instant=instant)
    _prevenir(affectation, instant, cle=f"acces:{affectation.pk}")
    return affectation


@transaction.atomic
def renvoyer_invitation(*, affectation: Affectation, auteur: Any, instant: datetime) -> Affectation:
    """Renvoie le lien à qui n'a pas encore choisi son mot de passe. Refuse si c'est fait, ou si l'accès est retiré."""
    verifier_droit(auteur, DROIT, affectation, _("Renvoyer l’invitation"))
    if affectation.retiree_le is not None or affectation.utilisateur.has_usable_password():
        raise Refus(
            _("Cette personne a déjà choisi son mot de passe, ou son accès est retiré : aucune invitation à renvoyer."),
            code="invitation",
        )
    noter_transition(affectation, action="renvoyer", de="", vers="en_vigueur", auteur=auteur, instant=instant)
    _prevenir(affectation, instant)
    return affectation


@transaction.atomic
def changer_fin(*, affectation: Affectation, fin: date | None, auteur: Any, instant: datetime) -> Affectation:
    """Change le dernier jour de l'accès; nul : sans fin. Refuse une fin passée ou avant le début, ou sur un accès retiré."""
    verifier_droit(auteur, DROIT, affectation, _("Changer la fin de l’accès"))
    affectation = _relire(affectation)
    jour = jour_local(instant)
    _verifier_dates(affectation.debut, fin, jour)
    _verrouiller(affectation.mandataire)
    if fin is not None:
        _garder_une_coordination(affectation, jour)
    _refuser_doublon(
        affectation.utilisateur,
        affectation.mandataire,
        affectation.role,
        affectation.territoire,
        affectation.debut,
        fin,
        sauf=affectation,
    )
    affectation.fin = fin
    affectation.save(update_fields=["fin"])
    noter_transition(
        affectation,
        action="changer_fin",
        de="",
        vers="en_vigueur",
        auteur=auteur,
        instant=instant,
        motif=f"{fin:%Y-%m-%d}" if fin else "",
    )
    return affectation


@transaction.atomic
def retirer_acces(*, affectation: Affectation, auteur: Any, instant: datetime, motif: str = "") -> Affectation:
    """Met fin au rôle à l'instant même et ferme toutes les sessions de la personne.

    Refuse : un accès déjà retiré; la dernière coordination du mandataire (plus personne ne pourrait inviter).
    """
    verifier_droit(auteur, DROIT, affectation, _("Retirer l’accès"))
    _verrouiller(affectation.mandataire)
    affectation = _relire(affectation)
    _garder_une_coordination(affectation, jour_local(instant))
    affectation.retiree_le, affectation.retiree_par = instant, auteur
    affectation.save(update_fields=["retiree_le", "retiree_par"])
    fermer_sessions(utilisateur=affectation.utilisateur)
    noter_transition(
        affectation, action="retirer", de="en_vigueur", vers="retiree", auteur=auteur, instant=instant, motif=motif
    )
    return affectation


def _relire(affectation: Affectation) -> Affectation:
    """La rangée verrouillée; refuse un accès déjà retiré."""
    rangee = Affectation.objects.select_for_update(of=("self",), no_key=True).get(pk=affectation.pk)
    if rangee.retiree_le is not None:
        raise Refus(_("Cet accès est déjà retiré. Pour le redonner, invitez la personne de nouveau."), code="retire")
    return rangee


def _verrouiller(mandataire: Mandataire | None) -> None:
    """Deux retraits simultanés ne laissent pas un mandataire sans coordination; deux invitations ne se doublent pas."""
    if mandataire is not None:
        Mandataire.objects.select_for_update(of=("self",), no_key=True).get(pk=mandataire.pk)


def _verifier_dates(debut: date, fin: date | None, jour: date) -> None:
    if fin is not None and fin < debut:
        raise Refus(
            _("La fin de l’accès vient avant son début. Corrigez l’une des deux dates."), code="dates", champ="fin"
        )
    if fin is not None and fin < jour:
        raise Refus(
            _("Cette date est passée : l’accès ne vaudrait jamais. Choisissez aujourd’hui ou plus tard."),
            code="dates",
            champ="fin",
        )


def _verifier_role(mandataire: Mandataire, role: str, territoire: Territoire | None) -> None:
    if role == Role.MINISTERE or role not in Role:
        raise Refus(
            _("Ce rôle ne se donne pas ici : le ministère gère ses propres accès."), code="ministere", champ="role"
        )
    if role != Role.AGENT:
        return
    if territoire is None:
        raise Refus(
            _("Un agent territorial ne voit que son territoire : choisissez-le."),
            code="territoire",
            champ="territoire",
        )
    if territoire.entente.mandataire_id != mandataire.pk:
        raise Refus(
            _("Ce territoire relève d’un autre mandataire. Choisissez un des vôtres."),
            code="territoire",
            champ="territoire",
        )


def _refuser_doublon(
    personne: Utilisateur,
    mandataire: Mandataire | None,
    role: str,
    territoire: Territoire | None,
    debut: date,
    fin: date | None,
    sauf: Affectation | None = None,
) -> None:
    """Deux accès de même rôle (et même territoire) ne se chevauchent pas."""
    autres = Affectation.objects.filter(
        utilisateur=personne, mandataire=mandataire, role=role, territoire=territoire, retiree_le__isnull=True
    )
    if sauf is not None:
        autres = autres.exclude(pk=sauf.pk)
    for autre in autres:
        if chevauchement(debut, fin, autre.debut, autre.fin):
            raise Refus(
                _("{personne} a déjà ce rôle à ces dates. Changez-en la fin, ou retirez-le d’abord.").format(
                    personne=personne
                ),
                code="doublon",
                champ="email" if sauf is None else "fin",
            )


def _garder_une_coordination(affectation: Affectation, jour: date) -> None:
    if affectation.role != Role.COORDINATION:
        return
    autres = (
        Affectation.objects.en_vigueur(jour)
        .filter(role=Role.COORDINATION, mandataire=affectation.mandataire, utilisateur__is_active=True)
        .exclude(pk=affectation.pk)
    )
    if not autres.exists():
        raise Refus(
            _(
                "C’est la seule coordination de {mandataire} : sans elle, plus personne ne pourrait inviter. Invitez d’abord"
                " une autre coordination, puis retirez celle-ci."
            ).format(mandataire=affectation.mandataire),
            code="derniere_coordination",
        )


def _prevenir(affectation: Affectation, instant: datetime, *, cle: str | None = None) -> None:
    """Avis à qui a déjà son mot de passe; invitation, avec son lien, à qui doit le choisir.

    L'invitation ne porte pas le code du mandataire : son lien ouvre le compte, seule la personne doit le lire.
    """
    mandataire, personne = affectation.mandataire, affectation.utilisateur
    if mandataire is None:
        return
    neuve = not personne.has_usable_password()
    contexte = {
        "mandataire": mandataire,
        "role": str(affectation.get_role_display()),
        "territoire": affectation.territoire,
        "affectation": affectation,
        "jours": JOURS_INVITATION,
        "lien": lien_de_mot_de_passe(personne)
        if neuve
        else courriels.adresse_absolue(reverse(settings.LOGIN_REDIRECT_URL)),
        "oubli": courriels.adresse_absolue(reverse("account_reset_password")),
    }
    courriels.ecrire(
        "alliances/invitation" if neuve else "alliances/acces",
        destinataire=personne.email,
        objet=_("Votre accès au portail : {mandataire}").format(mandataire=mandataire.enseigne),
        contexte=contexte,
        instant=instant,
        cle=cle,
        objet_lie=affectation,
        mandataire_code="" if neuve else mandataire.code,
    )
