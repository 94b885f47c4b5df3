"""Transitions d'un appel, et ce qui manque à sa préparation. Ouverture et fermeture se déduisent de l'heure."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appels.enums import EtatAppel as E
from appels.enums import Famille, ModeDepot
from appels.models import Appel
from appels.regles.grille import grille_equilibree
from socle.etats import Garde, Machine, Transition
from socle.formats import argent, date_longue, jour_local

PERIODES_MIN = 2
ANNONCABLES = (E.PUBLIE, E.ANALYSE, E.DECIDE)


def grille_complete(appel: Appel, _instant: datetime) -> str | None:
    """R24 : Σ des poids = 100."""
    poids = [critere.poids for critere in appel.criteres.all()]
    if grille_equilibree(poids):
        return None
    return _("Les poids de la grille totalisent {total}, pas 100 : corrigez la grille avant de publier.").format(
        total=sum(poids)
    )


def enveloppes_offertes(appel: Appel, _instant: datetime) -> str | None:
    """Au moins une enveloppe, d'un montant connu ou à venir (nul); un zéro n'offre rien."""
    if any(offre.offert is None or offre.offert for offre in appel.offres.all()):
        return None
    return _("L’appel n’offre aucun montant : inscrivez au moins une enveloppe offerte.")


def offres_disponibles(appel: Appel, _instant: datetime) -> str | None:
    """On n'annonce pas plus que le grand livre n'a de disponible."""
    trop = [
        _("{enveloppe} : {offert} offerts, {disponible} disponibles").format(
            enveloppe=offre.enveloppe, offert=argent(offre.offert), disponible=argent(offre.enveloppe.disponible)
        )
        for offre in appel.offres.select_related("enveloppe")
        if offre.offert is not None and offre.offert > offre.enveloppe.disponible
    ]
    if not trop:
        return None
    return _("L’appel offre plus que le disponible. {liste}. Réduisez, ou laissez le montant à venir.").format(
        liste="; ".join(trop)
    )


def resume_ecrit(appel: Appel, _instant: datetime) -> str | None:
    return None if appel.resume.strip() else _("Écrivez le résumé : c’est ce que le public lit en premier.")


def formes_choisies(appel: Appel, _instant: datetime) -> str | None:
    """R1 : qui peut déposer."""
    return None if appel.formes_admissibles else _("Choisissez au moins une forme juridique admissible (R1).")


def fin_des_projets(appel: Appel, _instant: datetime) -> str | None:
    """R19 : fin des projets ≤ fin de l'entente, et après la fin du dépôt."""
    if appel.fin_max_projet > appel.entente.fin:
        return _("La fin des projets ({fin}) dépasse celle de l’entente ({entente}) : avancez-la (R19).").format(
            fin=date_longue(appel.fin_max_projet), entente=date_longue(appel.entente.fin)
        )
    if appel.fin_max_projet <= jour_local(appel.fermeture, appel.fuseau):
        return _("Les projets devraient finir avant la fin du dépôt : reculez leur date de fin.")
    return None


def dates_a_venir(appel: Appel, instant: datetime) -> str | None:
    if appel.fermeture > instant:
        return None
    return _("La fin du dépôt est déjà passée ({echeance}) : choisissez une autre date.").format(
        echeance=appel.echeance_en_mots
    )


def periodes_inscrites(appel: Appel, _instant: datetime) -> str | None:
    if appel.mode != ModeDepot.PERIODES or len(appel.periodes.all()) >= PERIODES_MIN:
        return None
    return _("L’appel a plusieurs périodes de dépôt : inscrivez-en au moins deux.")


def contact_complet(appel: Appel, _instant: datetime) -> str | None:
    if appel.contact_nom and appel.contact_courriel and appel.contact_telephone:
        return None
    return _("Dites qui appeler : une fonction, un courriel et un téléphone.")


def echeance_passee(appel: Appel, instant: datetime) -> str | None:
    if instant >= appel.fin_du_depot:
        return None
    return _("L’appel reçoit des dépôts jusqu’au {date}.").format(date=appel.echeance_en_mots)


# Ce que chaque famille exige pour publier; une famille sans garde est facultative ou toujours prête.
EXIGENCES: dict[str, tuple[Garde, ...]] = {
    Famille.RENSEIGNEMENTS: (resume_ecrit, formes_choisies, fin_des_projets),
    Famille.DEPOT: (dates_a_venir, periodes_inscrites),
    Famille.MONTANTS: (enveloppes_offertes, offres_disponibles),
    Famille.GRILLE: (grille_complete,),
    Famille.CONTACT: (contact_complet,),
}


def manques(appel: Appel, famille: str, instant: datetime) -> list[str]:
    """Ce qui manque à une famille pour que l'appel se publie, en mots."""
    return [raison for garde in EXIGENCES.get(famille, ()) if (raison := garde(appel, instant))]


def prete(appel: Appel, instant: datetime) -> str | None:
    """Tout ce qui manque, toutes familles ensemble."""
    return " ".join(raison for famille in EXIGENCES for raison in manques(appel, famille, instant)) or None


APPEL = Machine(
    "appel",
    (
        Transition(
            "publier",
            gettext_lazy("Publier l’appel"),
            (E.BROUILLON,),
            E.PUBLIE,
            "appels.publier_appel",
            (prete,),
        ),
        Transition(
            "analyser",
            gettext_lazy("Passer à l’analyse"),
            (E.PUBLIE,),
            E.ANALYSE,
            "appels.modifier_appel",
            (echeance_passee,),
        ),
        Transition(
            "annoncer",
            gettext_lazy("Annoncer les décisions"),
            ANNONCABLES,
            E.ANNONCE,
            "appels.modifier_appel",
            (echeance_passee,),
        ),
        Transition(
            "annuler", gettext_lazy("Annuler l’appel"), (E.BROUILLON, E.PUBLIE), E.ANNULE, "appels.modifier_appel"
        ),
    ),
)
