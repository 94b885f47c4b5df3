"""La vie d'un appel : publier, programmer sa publication, annuler, annoncer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.models import Affectation
from alliances.services.gestes import poser
from appels.enums import EtatAppel
from appels.etats import APPEL
from appels.models import Appel
from appels.services.formulaire import publier_avec_l_appel
from appels.services.gestes import noter_geste, verrouiller
from appels.services.guide import demander_documents
from appels.services.plan import plan_a_citer
from appels.signaux import appel_annonce, depot_ferme
from comptes.enums import Role
from socle import courriels
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.formats import instant_long
from socle.horloge import EST


@transaction.atomic
def publier_appel(*, appel: Appel, auteur: Any, instant: datetime) -> Appel:
    """Publie l'appel, fige ses paramètres et ses montants offerts (décision 8), cite le plan de travail en vigueur, et publie
    la version du formulaire en préparation.

    Refuse ce qui manque encore à sa préparation : grille dont les poids ne font pas 100 (R24), aucun montant offert, plus que le
    disponible, fin du dépôt déjà passée, personne à appeler…
    """
    publie = APPEL.appliquer(
        appel,
        "publier",
        auteur=auteur,
        instant=instant,
        parametres_figes=appel.aide.ecrire(),
        plan=plan_a_citer(appel),
        publication_prevue=None,
        publication_echec="",
    )
    publier_avec_l_appel(publie, auteur=auteur, instant=instant)
    demander_documents(publie, instant=instant)
    return publie


@transaction.atomic
def programmer_publication(*, appel: Appel, quand: datetime, auteur: Any, instant: datetime) -> Appel:
    """L'appel se publiera de lui-même à `quand`. Refuse un appel déjà publié, un moment passé ou après la fin du dépôt."""
    verifier_droit(auteur, "appels.publier_appel", appel, _("Programmer la publication"))
    rangee = verrouiller(appel)
    if rangee.etat != EtatAppel.BROUILLON:
        raise Refus(_("L’appel n’est plus en préparation."), code="etat")
    if quand <= instant:
        raise Refus(
            _("Ce moment est passé : choisissez-en un à venir, ou publiez maintenant."), code="date", champ="jour"
        )
    if quand >= rangee.fermeture:
        raise Refus(_("Ce moment vient après la fin du dépôt."), code="date", champ="jour")
    poser(rangee, publication_prevue=quand, publication_echec="")
    noter_geste(
        rangee,
        "programmer",
        _("Publication programmée"),
        auteur=auteur,
        instant=instant,
        detail=instant_long(quand, rangee.fuseau),
    )
    return rangee


@transaction.atomic
def deprogrammer_publication(*, appel: Appel, auteur: Any, instant: datetime) -> Appel:
    """Retire la publication programmée. Refuse s'il n'y en a pas."""
    verifier_droit(auteur, "appels.publier_appel", appel, _("Retirer la publication programmée"))
    rangee = verrouiller(appel)
    if rangee.publication_prevue is None:
        raise Refus(_("Aucune publication n’est programmée."), code="etat")
    poser(rangee, publication_prevue=None, publication_echec="")
    noter_geste(rangee, "deprogrammer", _("Publication programmée retirée"), auteur=auteur, instant=instant)
    return rangee


def publier_prevus(instant: datetime) -> int:
    """Publie les appels dont l'heure est venue, même si un battement a manqué; rend combien le sont.

    Un refus s'affiche sur l'appel et s'écrit à la coordination, une fois; le moment prévu est retiré, l'appel reste en préparation.
    """
    prevus = Appel.objects.filter(etat=EtatAppel.BROUILLON, publication_prevue__lte=instant).order_by("id")
    return sum(_publier_prevu(cle, instant) for cle in prevus.values_list("pk", flat=True))


@transaction.atomic
def _publier_prevu(cle: int, instant: datetime) -> bool:
    appel = (
        Appel.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("entente__mandataire")
        .filter(pk=cle, etat=EtatAppel.BROUILLON, publication_prevue__lte=instant)
        .first()
    )
    if appel is None:  # un autre battement, ou une personne, s'en occupe
        return False
    prevue = appel.publication_prevue
    try:
        publier_appel(appel=appel, auteur=None, instant=instant)
    except Refus as refus:
        poser(appel, publication_prevue=None, publication_echec=str(refus))
        _ecrire_l_echec(appel, str(refus), prevue, instant)
        return False
    return True


def _ecrire_l_echec(appel: Appel, raison: str, prevue: datetime, instant: datetime) -> None:
    noter_geste(
        appel, "publication_refusee", _("Publication programmée refusée"), auteur=None, instant=instant, detail=raison
    )
    for adresse in adresses_de_la_coordination(appel, instant):
        courriels.ecrire(
            "appels/publication_refusee",
            destinataire=adresse,
            objet=_("L’appel ne s’est pas publié : {titre}").format(titre=appel.titre),
            contexte={
                "appel": appel,
                "raison": raison,
                "lien": courriels.adresse_absolue(reverse("admin:appels_appel_preparer", args=[appel.pk])),
            },
            instant=instant,
            cle=f"publication:{appel.pk}:{prevue.timestamp()}:{adresse}",
            objet_lie=appel,
            mandataire_code=appel.entente.mandataire.code,
        )


def adresses_de_la_coordination(appel: Appel, instant: datetime) -> list[str]:
    """Les courriels de la coordination du mandataire, ce jour-là."""
    coordinations = Affectation.objects.en_vigueur(instant.astimezone(EST).date()).filter(
        role=Role.COORDINATION, mandataire=appel.entente.mandataire
    )
    return sorted({a.utilisateur.email for a in coordinations.select_related("utilisateur")})


@transaction.atomic
def annuler_appel(*, appel: Appel, motif: str, auteur: Any, instant: datetime) -> Appel:
    """Annule l'appel, avec son motif, public; chaque organisme qui a un brouillon le reçoit. Refuse sans motif."""
    if not motif.strip():
        raise Refus(_("Écrivez le motif : le public et les organismes le liront."), code="motif", champ="motif")
    annule = APPEL.appliquer(
        appel,
        "annuler",
        auteur=auteur,
        instant=instant,
        motif=motif.strip(),
        annulation_motif=motif.strip(),
        publication_prevue=None,
    )
    depot_ferme.send(sender=Appel, appel=annule, instant=instant)
    return annule


@transaction.atomic
def annoncer_appel(*, appel: Appel, auteur: Any, instant: datetime) -> Appel:
    """Lève l'embargo (R28) : les décisions deviennent publiques, et les lettres relues partent. Refuse avant la fin du dépôt."""
    annonce = APPEL.appliquer(
        appel,
        "annoncer",
        auteur=auteur,
        instant=instant,
        annonce_le=instant,
        annonce_prevue=None,
        annonce_echec="",
    )
    appel_annonce.send(sender=Appel, appel=annonce, instant=instant)
    return annonce
