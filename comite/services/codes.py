"""Codes imprimés à usage unique : pour qui n'a ni téléphone ni courriel sous la main.

django-allauth envoie ses codes de connexion par courriel, et ses codes de secours sont un second facteur : ni l'un ni l'autre ne
sert à qui n'a que du papier. Ses limites d'essais, elles, servent ici (comite/views/codes.py).
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from alliances.models import Mandataire
from comite.models import CodeAcces, FeuilleCodes
from comptes.enums import Role
from comptes.models import Utilisateur
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.horloge import EST

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # sans 0, O, 1, I, L
GROUPES, PAR_GROUPE = 3, 4
NOMBRE = 10
VALIDITE = timedelta(days=60)


def empreinte(code: str) -> str:
    """L'empreinte à clé du code, tapé avec ou sans tirets, en minuscules ou non."""
    propre = "".join(c for c in code.upper() if c.isalnum())
    return salted_hmac("comite.codes", propre, algorithm="sha256").hexdigest()


def _tirer() -> str:
    """Douze signes au hasard, environ 59 bits : « K7QF-3MPT-9X2D »."""
    return "-".join("".join(secrets.choice(ALPHABET) for _rang in range(PAR_GROUPE)) for _groupe in range(GROUPES))


@transaction.atomic
def imprimer_codes(
    *, mandataire: Mandataire, membre: Utilisateur, auteur: Utilisateur, instant: datetime
) -> tuple[FeuilleCodes, list[str]]:
    """Une feuille neuve pour un membre du comité, et ses codes, rendus cette seule fois; la feuille d'avant est révoquée.

    Refuse une personne qui n'est pas du comité ce jour-là.
    """
    verifier_droit(auteur, "comite.imprimer_codes", mandataire, _("Imprimer des codes"))
    if membre.pk not in {
        a.utilisateur_id
        for a in mandataire.affectations.en_vigueur(instant.astimezone(EST).date()).filter(role=Role.EVALUATION)
    }:
        raise Refus(_("Cette personne n’est pas du comité : choisissez-en une autre."), code="comite", champ="membre")
    for ancienne in FeuilleCodes.objects.select_for_update().filter(
        mandataire=mandataire, membre=membre, revoquee_le__isnull=True
    ):
        _revoquer(ancienne, auteur, instant)
    feuille = FeuilleCodes.objects.create(
        mandataire=mandataire,
        membre=membre,
        imprimee_par=auteur,
        imprimee_le=instant,
        expire_le=instant + VALIDITE,
    )
    codes = [_tirer() for _rang in range(NOMBRE)]
    CodeAcces.objects.bulk_create(
        [CodeAcces(feuille=feuille, rang=rang, empreinte=empreinte(code)) for rang, code in enumerate(codes, start=1)]
    )
    noter_transition(feuille, action="imprimer", de="", vers=_("imprimée"), auteur=auteur, instant=instant)
    return feuille, codes


@transaction.atomic
def revoquer_feuille(*, feuille: FeuilleCodes, auteur: Utilisateur, instant: datetime) -> FeuilleCodes:
    """Les codes d'une feuille perdue ne valent plus, à l'instant; les sessions qu'ils ont ouvertes se ferment."""
    rangee = FeuilleCodes.objects.select_for_update(of=("self",)).select_related("mandataire").get(pk=feuille.pk)
    verifier_droit(auteur, "comite.imprimer_codes", rangee, _("Révoquer la feuille"))
    if rangee.revoquee_le is not None:
        raise Refus(_("Cette feuille est déjà révoquée."), code="etat")
    return _revoquer(rangee, auteur, instant)


def _revoquer(feuille: FeuilleCodes, auteur: Utilisateur, instant: datetime) -> FeuilleCodes:
    feuille.revoquee_le, feuille.revoquee_par = instant, auteur
    feuille.save(update_fields=["revoquee_le", "revoquee_par"])
    noter_transition(feuille, action="revoquer", de="", vers=_("révoquée"), auteur=auteur, instant=instant)
    return feuille


@transaction.atomic
def utiliser_code(*, code: str, instant: datetime) -> CodeAcces:
    """Consomme un code : une fois, avant son expiration. Le même refus pour toute cause, pour ne rien apprendre à qui devine."""
    trouve = (
        CodeAcces.objects.select_for_update(of=("self",))
        .select_related("feuille__membre", "feuille__mandataire")
        .filter(empreinte=empreinte(code))
        .first()
    )
    membre = trouve.feuille.membre if trouve else None
    if (
        trouve is None
        or trouve.utilise_le is not None
        or not trouve.feuille.valide(instant)
        or membre is None
        or not membre.is_active
        or not membre.portees.a_role_chez(trouve.feuille.mandataire_id, Role.EVALUATION)
    ):
        raise Refus(
            _(
                "Ce code ne fonctionne pas : il a déjà servi, il a expiré, ou il est mal recopié. Essayez le suivant de votre"
                " feuille, ou appelez la coordination."
            ),
            code="code",
            champ="code",
        )
    trouve.utilise_le = instant
    trouve.save(update_fields=["utilise_le"])
    noter_transition(
        trouve.feuille,
        action="utiliser",
        de="",
        vers=_("code {rang} utilisé").format(rang=trouve.rang),
        auteur=membre,
        instant=instant,
    )
    return trouve
