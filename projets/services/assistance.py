"""Aider à écrire : un brouillon partagé avec l'agent du territoire, une demande reçue sur papier."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.requetes.adresses import agents_du_territoire
from appels.models import Appel
from comptes.models import Organisme, Utilisateur
from projets.champs import formulaire_courant
from projets.enums import EtatProjet, OrigineDemande
from projets.models import Projet
from socle import courriels
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import instant_long


def _verrouiller(projet: Projet) -> Projet:
    rangee = (
        Projet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("appel", "enveloppe", "entente__mandataire", "organisme")
        .get(pk=projet.pk)
    )
    if rangee.etat != EtatProjet.BROUILLON:
        raise Refus(_("Cette demande est déposée : elle ne se partage plus."), code="depose")
    return rangee


@transaction.atomic
def partager_brouillon(*, projet: Projet, auteur: Utilisateur, instant: datetime) -> Projet:
    """Ouvre le brouillon à l'agent de son territoire, qui peut le lire et l'écrire, jamais le déposer; il en est prévenu.

    Refuse : sans territoire choisi, sans agent dans ce territoire, une demande déposée.
    """
    projet = _verrouiller(projet)
    verifier_droit(auteur, "projets.partager_projet", projet, _("Partager le brouillon"))
    if projet.enveloppe is None:
        raise Refus(_("Choisissez d’abord le territoire du projet : l’agent en dépend."), code="territoire")
    adresses = agents_du_territoire(projet.enveloppe.territoire_id, instant)
    if not adresses:
        raise Refus(
            _(
                "Aucun agent n’est inscrit pour ce territoire. Appelez la coordination : ses coordonnées sont sur cette page."
            ),
            code="agent",
        )
    projet.partage_le, projet.partage_par = instant, auteur
    projet.save(update_fields=["partage_le", "partage_par"])
    _noter(projet, "partager", auteur, instant, _("Brouillon partagé avec l’agent du territoire"))
    for adresse in adresses:
        courriels.ecrire(
            "projets/partage",
            destinataire=adresse,
            instant=instant,
            cle=f"partage:{projet.pk}:{instant.isoformat()}:{adresse}",
            objet=_("Un organisme vous demande de l’aide : {titre}").format(titre=projet.titre),
            objet_lie=projet,
            mandataire_code=projet.entente.mandataire.code,
            contexte={
                "projet": projet,
                "appel": projet.appel,
                "lien": courriels.adresse_absolue(projet.get_absolute_url()),
            },
        )
    return projet


@transaction.atomic
def reprendre_partage(*, projet: Projet, auteur: Utilisateur, instant: datetime) -> Projet:
    """Referme le brouillon à l'agent, tout de suite. Ce qu'il a écrit reste, à son nom."""
    projet = _verrouiller(projet)
    verifier_droit(auteur, "projets.partager_projet", projet, _("Arrêter le partage"))
    projet.partage_le, projet.partage_par = None, None
    projet.save(update_fields=["partage_le", "partage_par"])
    _noter(projet, "arreter_partage", auteur, instant, _("Partage arrêté"))
    return projet


@transaction.atomic
def saisir_papier(
    *, appel: Appel, organisme: Organisme, titre: str, recu_le: datetime, auteur: Utilisateur, instant: datetime
) -> Projet:
    """Ouvre la demande d'un organisme qui l'a remise sur papier à `recu_le`; la coordination l'écrit et la dépose.

    L'heure de réception vaut arrivée (R20). Refuse : reçue avant l'ouverture, à l'échéance ou après, ou dans l'avenir.
    """
    verifier_droit(auteur, "projets.saisir_papier", appel, _("Saisir une demande papier"))
    if recu_le > instant or not appel.est_ouvert(recu_le):
        raise Refus(
            _("La demande doit être reçue pendant la période de dépôt, qui va du {debut} au {fin}.").format(
                debut=instant_long(appel.ouverture, appel.fuseau), fin=appel.echeance_en_mots
            ),
            code="recu",
            champ="jour",
        )
    formulaire = formulaire_courant(appel.pk)
    projet = Projet.objects.create(
        entente=appel.entente,
        appel=appel,
        organisme=organisme,
        formulaire=formulaire,
        formulaire_vu=formulaire.numero if formulaire else 0,
        titre=titre,
        origine=OrigineDemande.PAPIER,
        recu_le=recu_le,
        cree_par=auteur,
        cree_le=instant,
        enregistre_le=instant,
    )
    _noter(
        projet,
        "saisir_papier",
        auteur,
        instant,
        _("Formulaire papier reçu le {quand}").format(quand=instant_long(recu_le, appel.fuseau)),
    )
    return projet


def _noter(projet: Projet, action: str, auteur: Utilisateur, instant: datetime, motif: str) -> None:
    noter_transition(
        projet, action=action, de=projet.etat, vers=projet.etat, auteur=auteur, instant=instant, motif=motif
    )
