"""Déposer : un numéro, un contenu figé, un accusé, dans une seule transaction (R20, R56, décision 18)."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from alliances.models import OrganismeConnu
from comptes.models import Utilisateur
from projets.contenu import contenu_de, empreinte_de
from projets.etats import PROJET
from projets.models import Depot, Projet
from projets.sections import blocages, reste_a_faire
from projets.services.documents import demander_document
from socle import courriels
from socle.erreurs import Refus

NUMEROTER = "UPDATE appels_appel SET dernier_numero = dernier_numero + 1 WHERE id = %s RETURNING dernier_numero"


@transaction.atomic
def deposer_projet(*, projet: Projet, auteur: Utilisateur, instant: datetime) -> Depot:
    """Dépose la demande reçue à `instant` (l'arrivée de la requête) et rend le dépôt : numéro, seconde, empreinte.

    Refuse : échéance passée, champ essentiel vide, personne sans mandat, demande déjà déposée. L'accusé part par la
    boîte d'envoi; ses PDF suivent par un travailleur.
    """
    projet = (
        Projet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("appel__entente__mandataire", "organisme", "enveloppe", "priorite", "entente__mandataire")
        .get(pk=projet.pk)
    )
    bloquants = blocages(reste_a_faire(projet)) if projet.est_brouillon else []
    if bloquants:
        raise Refus(
            _("Il reste {n} point(s) obligatoire(s) avant de déposer : {premier}").format(
                n=len(bloquants), premier=bloquants[0].titre
            ),
            code="incomplet",
        )
    contenu = contenu_de(projet)
    OrganismeConnu.objects.get_or_create(
        mandataire=projet.entente.mandataire, organisme=projet.organisme, defaults={"depuis": instant}
    )
    PROJET.appliquer(projet, "deposer", auteur=auteur, instant=instant, numero=_numeroter(projet), depose_le=instant)
    depot = Depot.objects.create(
        projet=projet, rang=1, instant=instant, contenu=contenu, empreinte=empreinte_de(contenu), deposant=auteur
    )
    _accuser(depot, auteur, instant)
    for genre in ("accuse", "dossier"):
        demander_document(genre, projet, objet_id=depot.pk, demande_par=auteur, instant=instant)
    return depot


def _numeroter(projet: Projet) -> str:
    """Compteur de l'appel, sans trou : un dépôt annulé rend son numéro avec sa transaction (décision 3)."""
    if projet.enveloppe is None:
        raise Refus(_("Choisissez le territoire du projet."), code="incomplet", champ="enveloppe")
    with connection.cursor() as curseur:
        curseur.execute(NUMEROTER, [projet.appel_id])
        rang = curseur.fetchone()[0]
    return f"{projet.entente.code}-{projet.appel.rang}-{projet.enveloppe.lettres}-{rang:04d}"


def _accuser(depot: Depot, auteur: Utilisateur, instant: datetime) -> None:
    projet = depot.projet
    courriels.ecrire(
        "projets/accuse",
        destinataire=auteur.email,
        instant=instant,
        cle=f"accuse:{depot.pk}:{auteur.email}",
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
