"""Tenir la séance : présences, retraits, ouverture et levée, procès-verbal; tout est tracé (R25)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comite.enums import EtatPresence, EtatSeance
from comite.etats import SEANCE
from comite.models import Presence, RetraitSeance, Seance
from comite.requetes.tenue import appeles, tenue_de
from comite.services.retraits import inscrire_conflits
from comite.services.seances import refuser_levee
from comptes.models import Utilisateur
from projets.enums import EVALUATIONS_SORTIES, LienOrganisme, OrigineDeclaration
from projets.models import DeclarationInteret, Projet
from projets.services.evaluations import inscrire_retrait
from socle import travaux
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.models import Travail

GENRE_PV = "comite.proces_verbal"
ACCES_PV = "proces_verbal"


def verrouiller(seance: Seance) -> Seance:
    """La rangée verrouillée : deux gestes sur la même séance passent l'un après l'autre."""
    return (
        Seance.objects.select_for_update(of=("self",), no_key=True)
        .select_related("appel", "entente__mandataire")
        .get(pk=seance.pk)
    )


@transaction.atomic
def ecrire_presences(*, seance: Seance, etats: Mapping[str, str], auteur: Utilisateur, instant: datetime) -> Seance:
    """Inscrit qui est présent, qui est absent (clé de la feuille → présence); une arrivée en retard s'inscrit de même.

    Refuse une séance levée, une personne qui n'est pas appelée à la séance.
    """
    rangee = verrouiller(seance)
    verifier_droit(auteur, "comite.tenir_seance", rangee, _("Prendre les présences"))
    refuser_levee(rangee)
    feuille = {appele.cle: appele for appele in appeles(rangee)}
    inconnues = [cle for cle in etats if cle not in feuille]
    if inconnues:
        raise Refus(_("Une personne n’est plus appelée à cette séance : relisez la feuille."), code="appele")
    changes = []
    for cle, etat in etats.items():
        appele = feuille[cle]
        if appele.etat == etat:
            continue
        Presence.objects.update_or_create(
            seance=rangee,
            membre_id=appele.membre_id,
            rang_siege=appele.rang_siege,
            utilisateur_id=appele.utilisateur_id,
            defaults={"entente_id": rangee.entente_id, "nom": appele.nom, "vote": appele.vote, "etat": etat},
        )
        changes.append(f"{appele.nom} : {EtatPresence(etat).label}")
    if changes:
        noter_transition(
            rangee,
            action="presences",
            de=rangee.etat,
            vers=rangee.etat,
            auteur=auteur,
            instant=instant,
            motif="; ".join(changes)[:300],
        )
        inscrire_conflits(rangee, auteur, instant)
    return rangee


@transaction.atomic
def retirer_en_seance(
    *, presence: Presence, projet: Projet, nature: str, auteur: Utilisateur, instant: datetime
) -> RetraitSeance:
    """La personne se retire d'un dossier : ni vote, ni quorum; avec un compte, ni note non plus, et le registre le garde (R25).

    Refuse une séance levée, un dossier hors de l'ordre du jour, un retrait déjà inscrit, une note déjà dans la recommandation.
    """
    seance = verrouiller(presence.seance)
    verifier_droit(auteur, "comite.tenir_seance", seance, _("Inscrire un retrait"))
    refuser_levee(seance)
    if not seance.points.filter(projet=projet).exists():
        raise Refus(
            _("{projet} n’est pas à l’ordre du jour.").format(projet=projet.numero), code="point", champ="projet"
        )
    if RetraitSeance.objects.filter(presence=presence, projet=projet).exists():
        raise Refus(
            _("{qui} s’est déjà retiré du dossier {numero}.").format(qui=presence, numero=projet.numero),
            code="deja",
            champ="projet",
        )
    if presence.utilisateur is not None:
        _declarer(presence.utilisateur, projet, nature, auteur, instant)
    retrait = RetraitSeance.objects.create(
        entente_id=seance.entente_id,
        seance=seance,
        presence=presence,
        projet=projet,
        nature=nature,
        inscrit_par=auteur,
        inscrit_le=instant,
    )
    noter_transition(
        seance,
        action="retrait",
        de=seance.etat,
        vers=seance.etat,
        auteur=auteur,
        instant=instant,
        motif=f"{presence} – {projet.numero}",
    )
    return retrait


def _declarer(personne: Utilisateur, projet: Projet, nature: str, auteur: Utilisateur, instant: datetime) -> None:
    """Le registre des intérêts; l'évaluation de la personne, si elle en a une, s'efface avec ses notes."""
    deja = DeclarationInteret.objects.filter(projet=projet, utilisateur=personne, lien=LienOrganisme.CONFLIT)
    if deja.exists():
        return
    evaluation = projet.evaluations.filter(evaluateur=personne).exclude(etat__in=EVALUATIONS_SORTIES).first()
    if evaluation is not None:
        inscrire_retrait(evaluation=evaluation, nature=nature, precision="", auteur=auteur, instant=instant)
        return
    DeclarationInteret.objects.create(
        entente_id=projet.entente_id,
        projet=projet,
        utilisateur=personne,
        lien=LienOrganisme.CONFLIT,
        nature=nature,
        origine=OrigineDeclaration.COORDINATION,
        inscrite_par=auteur,
        declaree_le=instant,
    )


@transaction.atomic
def ouvrir_seance(*, seance: Seance, auteur: Utilisateur, instant: datetime) -> Seance:
    """Ouvre la séance, fige son quorum, inscrit les conflits certains. Refuse un ordre du jour sans demande, un quorum qui n'est pas atteint."""
    rangee = verrouiller(seance)
    if rangee.ouverte_le is None:
        rangee.quorum = tenue_de(rangee).requis
    ouverte = SEANCE.appliquer(
        rangee,
        "ouvrir",
        auteur=auteur,
        instant=instant,
        verrouille=True,
        quorum=rangee.quorum,
        ouverte_le=instant,
    )
    inscrire_conflits(ouverte, auteur, instant)
    return ouverte


@transaction.atomic
def lever_seance(*, seance: Seance, auteur: Utilisateur, instant: datetime) -> Seance:
    """Lève la séance : présences, retraits et scénarios ne changent plus; le procès-verbal peut se produire."""
    return SEANCE.appliquer(
        verrouiller(seance), "lever", auteur=auteur, instant=instant, verrouille=True, levee_le=instant
    )


@transaction.atomic
def rouvrir_seance(*, seance: Seance, motif: str, auteur: Utilisateur, instant: datetime) -> Seance:
    """Rouvre une séance levée, pour la corriger. Refuse sans motif."""
    if not motif.strip():
        raise Refus(_("Dites pourquoi la séance se rouvre."), code="motif", champ="motif")
    return SEANCE.appliquer(
        verrouiller(seance),
        "rouvrir",
        auteur=auteur,
        instant=instant,
        motif=motif.strip(),
        verrouille=True,
        levee_le=None,
    )


@transaction.atomic
def demander_proces_verbal(*, seance: Seance, auteur: Utilisateur, instant: datetime) -> Travail:
    """Met le procès-verbal en file. Refuse une séance qui n'est pas levée."""
    verifier_droit(auteur, "comite.tenir_seance", seance, _("Produire le procès-verbal"))
    if seance.etat != EtatSeance.LEVEE:
        raise Refus(_("Le procès-verbal se produit une fois la séance levée : levez-la d’abord."), code="etat")
    return travaux.demander(
        GENRE_PV,
        libelle=_("Procès-verbal, {seance}").format(seance=seance),
        parametres={"seance_id": seance.pk},
        demande_par=auteur,
        instant=instant,
        mandataire_code=seance.entente.mandataire.code,
    )
