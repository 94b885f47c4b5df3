"""Déposer : un numéro, un contenu figé, un accusé, dans une seule transaction (R20, R56, décision 18)."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from alliances.models import OrganismeConnu
from comptes.models import Utilisateur
from comptes.requetes import courriels_des_membres
from projets.contenu import contenu_de, empreinte_de
from projets.enums import EtatProjet, OrigineDemande
from projets.etats import PROJET
from projets.models import Depot, Projet
from projets.pieces import limite_des_pieces, pieces_recevables
from projets.requetes import CONTENU
from projets.sections import blocages, reste_a_faire
from projets.services.copies import copier_contenu, deplacer_pieces
from projets.services.documents import demander_documents_du_depot
from socle import courriels
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import compter

NUMEROTER = "UPDATE appels_appel SET dernier_numero = dernier_numero + 1 WHERE id = %s RETURNING dernier_numero"


LIENS = (
    "appel__entente__mandataire",
    "organisme",
    "enveloppe",
    "priorite",
    "zone",
    "formulaire",
    "entente__mandataire",
)


def _verrouiller(pk: int) -> Projet:
    """La demande verrouillée, et tout son contenu, lu une seule fois."""
    projets = Projet.objects.select_for_update(of=("self",), no_key=True).select_related(*LIENS)
    return projets.prefetch_related(*CONTENU).get(pk=pk)


@transaction.atomic
def deposer_projet(*, projet: Projet, auteur: Utilisateur, instant: datetime) -> Depot:
    """Dépose la demande reçue à `instant` (l'arrivée de la requête) et rend le dépôt : numéro, seconde, empreinte.

    Une modification d'une demande déposée la remplace : même numéro, rang de plus, la version d'avant reste lisible.
    Refuse : échéance passée, champ essentiel vide, personne sans mandat, demande déjà déposée ou déjà à l'examen.
    Une demande papier est arrivée quand le papier a été reçu. L'accusé part par la boîte d'envoi; ses PDF suivent par
    un travailleur.
    """
    projet = _verrouiller(projet.pk)
    bloquants = blocages(reste_a_faire(projet)) if projet.est_brouillon else []
    if bloquants:
        raise Refus(
            _("Il reste {points} avant de déposer : {premier}").format(
                points=compter(len(bloquants), _("point obligatoire"), _("points obligatoires")),
                premier=bloquants[0].titre,
            ),
            code="incomplet",
        )
    OrganismeConnu.objects.bulk_create(
        [OrganismeConnu(mandataire=projet.entente.mandataire, organisme=projet.organisme, depuis=instant)],
        ignore_conflicts=True,
    )
    if projet.remplace_id:
        projet = _remplacer(projet, auteur, instant)
        depot = figer_depot(projet, auteur=auteur, instant=instant)
    else:
        contenu, arrivee = contenu_de(projet), projet.recu_le or instant
        PROJET.appliquer(
            projet,
            "deposer",
            auteur=auteur,
            instant=arrivee,
            verrouille=True,
            numero=_numeroter(projet),
            depose_le=arrivee,
        )
        depot = figer_depot(projet, auteur=auteur, instant=arrivee, contenu=contenu, rang=1)
    for adresse in _destinataires(projet, auteur):
        _accuser(depot, adresse, instant)
    if depot.signe_le is None and projet.origine == OrigineDemande.EN_LIGNE:
        demander_signature(depot, instant)
    return depot


def _remplacer(reprise: Projet, auteur: Utilisateur, instant: datetime) -> Projet:
    """Verse la modification dans la demande déposée, pièces comprises; rend la demande, relue."""
    depose = _verrouiller(reprise.remplace_id or 0)
    if depose.etat != EtatProjet.DEPOSE:
        raise Refus(
            _(
                "L’examen de la demande {numero} a commencé : elle ne se remplace plus. Écrivez à la coordination."
            ).format(numero=depose.numero),
            code="etat",
        )
    PROJET.appliquer(reprise, "remplacer", auteur=auteur, instant=instant)
    copier_contenu(reprise, depose)
    deplacer_pieces(reprise, depose)
    depose.depose_le = instant
    depose.save(update_fields=["depose_le"])
    noter_transition(
        depose, action="redeposer", de=depose.etat, vers=depose.etat, auteur=auteur, instant=instant, motif=""
    )
    return _verrouiller(depose.pk)


def figer_depot(
    projet: Projet,
    *,
    auteur: Utilisateur,
    instant: datetime,
    contenu: dict[str, Any] | None = None,
    rang: int | None = None,
) -> Depot:
    """Une version de plus, immuable : contenu canonique, empreinte, rang; signée si la personne est signataire.

    `contenu` et `rang` : s'ils sont déjà connus. Met en file l'accusé et la demande en PDF.
    """
    contenu = contenu or contenu_de(projet)
    rang = rang or (projet.depots.aggregate(rang=Max("rang"))["rang"] or 0) + 1
    signe = auteur.portees.signe(projet.organisme_id)
    depot = Depot.objects.create(
        projet=projet,
        rang=rang,
        instant=instant,
        contenu=contenu,
        empreinte=empreinte_de(contenu),
        deposant=auteur,
        signe_par=auteur if signe else None,
        signe_le=instant if signe else None,
    )
    demander_documents_du_depot(depot, demande_par=auteur, instant=instant)
    return depot


def demander_signature(depot: Depot, instant: datetime) -> None:
    """Prévient chaque signataire : le dépôt compte déjà, sa signature peut suivre jusqu'à la limite."""
    projet = depot.projet
    for adhesion in projet.organisme.adhesions.filter(signataire=True, retiree_le__isnull=True).select_related(
        "utilisateur"
    ):
        if not adhesion.utilisateur.is_active:
            continue
        courriels.ecrire(
            "projets/signature",
            destinataire=adhesion.utilisateur.email,
            instant=instant,
            cle=f"signature:{depot.pk}:{adhesion.utilisateur_id}",
            objet=_("Signature attendue : {numero}").format(numero=projet.numero),
            objet_lie=projet,
            mandataire_code=projet.entente.mandataire.code,
            contexte={
                "projet": projet,
                "depot": depot,
                "appel": projet.appel,
                "limite": limite_des_pieces(projet),
                "lien": courriels.adresse_absolue(projet.get_absolute_url()),
            },
        )


@transaction.atomic
def signer_demande(*, projet: Projet, auteur: Utilisateur, instant: datetime) -> Depot:
    """Signe la version déposée, au nom de l'organisme. Refuse : déjà signée, délai passé, personne non signataire."""
    verifier_droit(auteur, "projets.signer_demande", projet, _("Signer la demande"))
    projet = _verrouiller(projet.pk)
    depot = projet.depots.order_by("-rang").first()
    if depot is None or depot.signe_le is not None or projet.etat == EtatProjet.RETIRE:
        raise Refus(_("Cette demande n’attend pas de signature."), code="etat")
    if raison := pieces_recevables(projet, instant):
        raise Refus(raison, code="delai")
    depot.signe_par, depot.signe_le = auteur, instant
    depot.save(update_fields=["signe_par", "signe_le"])
    noter_transition(
        projet, action="signer", de=projet.etat, vers=projet.etat, auteur=auteur, instant=instant, motif=""
    )
    return depot


def _numeroter(projet: Projet) -> str:
    """Compteur de l'appel, sans trou : un dépôt annulé rend son numéro avec sa transaction (décision 3)."""
    if projet.enveloppe is None:
        raise Refus(_("Choisissez le territoire du projet."), code="incomplet", champ="enveloppe")
    with connection.cursor() as curseur:
        curseur.execute(NUMEROTER, [projet.appel_id])
        rang = curseur.fetchone()[0]
    return f"{projet.entente.code}-{projet.appel.rang}-{projet.enveloppe.lettres}-{rang:04d}"


def _destinataires(projet: Projet, auteur: Utilisateur) -> list[str]:
    """La personne qui dépose; pour une demande papier, aussi les membres de l'organisme."""
    if projet.origine == OrigineDemande.EN_LIGNE:
        return [auteur.email]
    membres = courriels_des_membres([projet.organisme_id]).get(projet.organisme_id, ())
    return sorted({auteur.email, *membres})


def _accuser(depot: Depot, adresse: str, instant: datetime) -> None:
    projet = depot.projet
    courriels.ecrire(
        "projets/accuse",
        destinataire=adresse,
        instant=instant,
        cle=f"accuse:{depot.pk}:{adresse}",
        objet=_("Demande reçue : {numero}").format(numero=projet.numero),
        objet_lie=projet,
        mandataire_code=projet.entente.mandataire.code,
        contexte={
            "projet": projet,
            "depot": depot,
            "appel": projet.appel,
            "lien": courriels.adresse_absolue(projet.get_absolute_url()),
        },
    )


@transaction.atomic
def retirer_projet(*, projet: Projet, auteur: Utilisateur, instant: datetime, motif: str) -> Projet:
    """Retire une demande avant la décision; elle garde son numéro. Refuse sans motif."""
    if not motif.strip():
        raise Refus(_("Dites en une phrase pourquoi vous retirez la demande."), code="motif", champ="motif")
    return PROJET.appliquer(projet, "retirer", auteur=auteur, instant=instant, motif=motif)
