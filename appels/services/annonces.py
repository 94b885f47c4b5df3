"""L'annonce programmée : la coordination en fixe l'heure; à cette heure, le battement annonce et les lettres relues partent (R28)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.services.gestes import poser
from appels.etats import ANNONCABLES
from appels.models import Appel
from appels.services.cycle import adresses_de_la_coordination, annoncer_appel
from appels.services.gestes import noter_geste, verrouiller
from socle import courriels
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.formats import instant_long


@transaction.atomic
def programmer_annonce(*, appel: Appel, quand: datetime, auteur: Any, instant: datetime) -> Appel:
    """L'appel s'annoncera de lui-même à `quand`. Refuse un appel qui n'est plus à annoncer, un moment passé ou avant la fin du dépôt."""
    verifier_droit(auteur, "appels.modifier_appel", appel, _("Programmer l’annonce"))
    rangee = verrouiller(appel)
    if rangee.etat not in ANNONCABLES:
        raise Refus(
            _("L’appel n’est pas à annoncer : il n’est pas publié, ou il est annulé ou déjà annoncé."), code="etat"
        )
    if quand <= instant:
        raise Refus(
            _("Ce moment est passé : choisissez-en un à venir, ou annoncez maintenant."), code="date", champ="jour"
        )
    if quand < rangee.fin_du_depot:
        raise Refus(
            _("L’appel reçoit des dépôts jusqu’au {date} : choisissez un moment après.").format(
                date=rangee.echeance_en_mots
            ),
            code="date",
            champ="jour",
        )
    poser(rangee, annonce_prevue=quand, annonce_echec="")
    noter_geste(
        rangee,
        "programmer_annonce",
        _("Annonce programmée"),
        auteur=auteur,
        instant=instant,
        detail=instant_long(quand, rangee.fuseau),
    )
    return rangee


@transaction.atomic
def deprogrammer_annonce(*, appel: Appel, auteur: Any, instant: datetime) -> Appel:
    """Retire l'annonce programmée. Refuse s'il n'y en a pas."""
    verifier_droit(auteur, "appels.modifier_appel", appel, _("Retirer l’annonce programmée"))
    rangee = verrouiller(appel)
    if rangee.annonce_prevue is None:
        raise Refus(_("Aucune annonce n’est programmée."), code="etat")
    poser(rangee, annonce_prevue=None, annonce_echec="")
    noter_geste(rangee, "deprogrammer_annonce", _("Annonce programmée retirée"), auteur=auteur, instant=instant)
    return rangee


def annoncer_prevus(instant: datetime) -> int:
    """Annonce les appels dont l'heure est venue, même si un battement a manqué; rend combien le sont.

    Deux battements ensemble n'annoncent, et n'envoient, qu'une fois. Un refus s'affiche sur l'appel et s'écrit à la coordination,
    une fois; le moment prévu est retiré, rien n'est public.
    """
    prevus = Appel.objects.filter(etat__in=ANNONCABLES, annonce_prevue__lte=instant).order_by("id")
    return sum(_annoncer_prevu(cle, instant) for cle in prevus.values_list("pk", flat=True))


@transaction.atomic
def _annoncer_prevu(cle: int, instant: datetime) -> bool:
    appel = (
        Appel.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("entente__mandataire")
        .filter(pk=cle, etat__in=ANNONCABLES, annonce_prevue__lte=instant)
        .first()
    )
    if appel is None:  # un autre battement, ou une personne, s'en occupe
        return False
    prevue = appel.annonce_prevue
    try:
        annoncer_appel(appel=appel, auteur=None, instant=instant)
    except Refus as refus:
        raison = str(refus)
        poser(appel, annonce_prevue=None, annonce_echec=raison)
        _ecrire_l_echec(appel, raison, prevue, instant)
        return False
    return True


def _ecrire_l_echec(appel: Appel, raison: str, prevue: datetime, instant: datetime) -> None:
    noter_geste(appel, "annonce_refusee", _("Annonce programmée refusée"), auteur=None, instant=instant, detail=raison)
    for adresse in adresses_de_la_coordination(appel, instant):
        courriels.ecrire(
            "appels/annonce_refusee",
            destinataire=adresse,
            objet=_("Les décisions ne sont pas annoncées : {titre}").format(titre=appel.titre),
            contexte={
                "appel": appel,
                "raison": raison,
                "lien": courriels.adresse_absolue(reverse("admin:appels_appel_annoncer", args=[appel.pk])),
            },
            instant=instant,
            cle=f"annonce:{appel.pk}:{prevue.timestamp()}:{adresse}",
            objet_lie=appel,
            mandataire_code=appel.entente.mandataire.code,
        )
