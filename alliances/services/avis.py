"""Avis sectoriels : une question posée par courriel à quelqu'un qui n'est pas du comité, sur un plan ou un dossier."""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.etats.avis import AVIS
from alliances.models import AvisSectoriel, Comite, Entente, PlanTravail
from alliances.services.gestes import exiger_textes, verifier_meme_entente
from comptes.models import Utilisateur
from socle import courriels
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.horloge import EST

NUMERO = re.compile(r"[0-9A-Z]{2}-\d{4}-\d{1,2}-[A-Z]{2,4}-\d{4}")


@transaction.atomic
def demander_avis(
    *,
    entente: Entente,
    comite: Comite | None,
    plan: PlanTravail | None,
    dossier: str,
    destinataire: str,
    courriel: str,
    question: str,
    attendu_le: date | None,
    auteur: Utilisateur,
    instant: datetime,
) -> AvisSectoriel:
    """Pose la question par courriel, et garde la demande.

    Refuse : ni plan ni dossier, ou les deux; un numéro d'une autre entente; une date passée; un membre du comité.
    """
    verifier_droit(auteur, "alliances.gerer_gouvernance", entente, _("Demander un avis"))
    dossier = dossier.strip().upper()
    exiger_textes(
        destinataire=(destinataire, _("Dites à qui l’avis est demandé.")),
        courriel=(courriel, _("Donnez le courriel où la question est envoyée.")),
        question=(question, _("Écrivez la question.")),
    )
    _verifier_objet(entente, plan, dossier)
    verifier_meme_entente(entente, [objet for objet in (comite, plan) if objet is not None], "plan")
    jour = instant.astimezone(EST).date()
    if attendu_le is not None and attendu_le < jour:
        raise Refus(_("La date attendue est passée : laissez le temps de répondre."), code="date", champ="attendu_le")
    _verifier_non_membre(entente, comite, destinataire, courriel, jour)
    avis = AvisSectoriel.objects.create(
        entente=entente,
        comite=comite,
        plan=plan,
        dossier=dossier,
        destinataire=destinataire.strip(),
        courriel=courriel.strip(),
        question=question.strip(),
        attendu_le=attendu_le,
        demande_le=instant,
        demande_par=auteur,
    )
    noter_transition(avis, action="demander", de="", vers=avis.etat, auteur=auteur, instant=instant)
    _ecrire(avis, instant, relance=False)
    return avis


def _verifier_objet(entente: Entente, plan: PlanTravail | None, dossier: str) -> None:
    if (plan is None) is (not dossier):
        raise Refus(
            _("Un avis porte sur un plan ou sur un dossier : choisissez l’un des deux."), code="objet", champ="dossier"
        )
    if dossier and not (NUMERO.fullmatch(dossier) and dossier.startswith(f"{entente.code}-")):
        raise Refus(
            _("« {numero} » n’est pas un numéro de dossier de l’entente {entente} (par exemple {exemple}).").format(
                numero=dossier, entente=entente, exemple=f"{entente.code}-1-CH-0001"
            ),
            code="dossier",
            champ="dossier",
        )


def _verifier_non_membre(entente: Entente, comite: Comite | None, destinataire: str, courriel: str, jour: date) -> None:
    """L'avis se demande au-dehors : un membre donne le sien à la séance."""
    if comite is None:
        return
    membres = comite.membres.en_vigueur(jour).select_related("utilisateur")
    for membre in membres:
        adresse = membre.utilisateur.email if membre.utilisateur else ""
        if membre.nom.casefold() == destinataire.strip().casefold() or adresse.casefold() == courriel.casefold():
            raise Refus(
                _("{nom} est membre du comité : un avis sectoriel se demande à quelqu’un d’autre.").format(
                    nom=membre.nom
                ),
                code="membre",
                champ="destinataire",
            )


@transaction.atomic
def inscrire_avis(*, avis: AvisSectoriel, reponse: str, auteur: Utilisateur, instant: datetime) -> AvisSectoriel:
    """Inscrit l'avis reçu. Refuse un avis vide ou déjà reçu."""
    exiger_textes(reponse=(reponse, _("Écrivez l’avis reçu, ou son résumé.")))
    return AVIS.appliquer(avis, "recevoir", auteur=auteur, instant=instant, recu_le=instant, reponse=reponse.strip())


@transaction.atomic
def classer_avis(*, avis: AvisSectoriel, motif: str, auteur: Utilisateur, instant: datetime) -> AvisSectoriel:
    """Classe la demande sans suite. Refuse sans motif."""
    exiger_textes(motif=(motif, _("Écrivez pourquoi la demande reste sans suite.")))
    return AVIS.appliquer(avis, "classer", auteur=auteur, instant=instant, motif=motif.strip())


@transaction.atomic
def relancer_avis(*, avis: AvisSectoriel, auteur: Utilisateur, instant: datetime) -> AvisSectoriel:
    """Envoie la question de nouveau, au plus une fois par jour. Refuse une demande close ou déjà relancée aujourd'hui."""
    relance = AVIS.appliquer(avis, "relancer", auteur=auteur, instant=instant)
    if not _ecrire(relance, instant, relance=True):
        raise Refus(_("Cet avis a déjà été relancé aujourd’hui."), code="double")
    return relance


def _ecrire(avis: AvisSectoriel, instant: datetime, *, relance: bool) -> bool:
    """Le courriel de la demande ou de la relance du jour; faux s'il est déjà écrit."""
    sujet = avis.dossier or str(avis.plan)
    objet = _("Rappel : votre avis sur {sujet}") if relance else _("Votre avis sur {sujet}")
    jour = instant.astimezone(EST).date()
    ecrit = courriels.ecrire(
        "alliances/avis",
        destinataire=avis.courriel,
        instant=instant,
        cle=f"avis:{avis.pk}:relance:{jour.isoformat()}" if relance else f"avis:{avis.pk}",
        objet=objet.format(sujet=sujet),
        objet_lie=avis,
        mandataire_code=avis.entente.mandataire.code,
        contexte={
            "avis": avis,
            "sujet": sujet,
            "relance": relance,
            "mandataire": avis.entente.mandataire,
            "repondre_a": avis.demande_par.email if avis.demande_par else avis.entente.mandataire.courriel,
        },
    )
    return ecrit is not None
