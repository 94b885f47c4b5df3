"""Écrire un brouillon : section par section, sans rien perdre, avec une version qui refuse d'écraser."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appels.models import Appel
from comptes.models import Organisme, Utilisateur
from projets.enums import EtatProjet
from projets.models import Projet
from projets.services.pieces import retirer_piece
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.formats import instant_long


@transaction.atomic
def creer_brouillon(
    *, appel: Appel, organisme: Organisme, titre: str, auteur: Utilisateur, instant: datetime
) -> Projet:
    """Ouvre un brouillon. Refuse un appel fermé, ou un organisme dont la personne n'est pas membre."""
    if organisme.pk not in auteur.portees.organismes:
        raise Refus(_("Vous n’êtes pas membre de cet organisme."), code="permission", champ="organisme")
    if not appel.est_ouvert(instant):
        raise Refus(_("Cet appel ne reçoit pas de demandes en ce moment."), code="ferme")
    return Projet.objects.create(
        entente=appel.entente,
        appel=appel,
        organisme=organisme,
        titre=titre,
        cree_par=auteur,
        cree_le=instant,
        enregistre_le=instant,
    )


@transaction.atomic
def enregistrer_section(
    *,
    projet: Projet,
    section: str,
    version: int,
    champs: Mapping[str, Any],
    instant: datetime,
    auteur: Utilisateur,
    listes: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
) -> Projet:
    """Enregistre une section et ses listes (remplacées en entier). Aucune règle n'empêche d'enregistrer.

    Refuse : une demande déjà déposée, ou une version dépassée (une autre personne a enregistré entre-temps).
    """
    rangee = _verrouiller(projet)
    verifier_droit(auteur, "projets.joindre_piece", rangee, _("Enregistrer la demande"))
    if rangee.etat != EtatProjet.BROUILLON:
        raise Refus(
            _("Cette demande est déposée : elle ne se modifie plus. Écrivez à la coordination pour une correction."),
            code="depose",
        )
    courante = rangee.versions.get(section, 0)
    if version != courante:
        raise Refus(
            _(
                "Une autre personne de votre organisme a enregistré cette section le {quand}. Vos réponses sont affichées ci-dessous;"
                " les siennes restent enregistrées tant que vous n’enregistrez pas de nouveau."
            ).format(quand=instant_long(rangee.enregistre_le, projet.appel.fuseau)),
            code="conflit",
            version=str(courante),
        )
    for nom, valeur in champs.items():
        setattr(rangee, nom, valeur)
    rangee.versions = {**rangee.versions, section: courante + 1}
    rangee.sections_vues = sorted({*rangee.sections_vues, section})
    rangee.enregistre_le = instant
    rangee.save(update_fields=[*champs, "versions", "sections_vues", "enregistre_le"])
    for relation, rangees in (listes or {}).items():
        _remplacer(rangee, relation, rangees)
    return rangee


@transaction.atomic
def reprendre_verification(
    *, projet: Projet, reponses: Mapping[str, Any], auteur: Utilisateur, instant: datetime
) -> Projet:
    """Met au brouillon neuf ce que la vérification d'admissibilité a demandé : territoire, dates, budget.

    `reponses` : `projet` (champs), `montant_demande`, `depenses` et `financements` (rangées). Mêmes refus que l'enregistrement.
    """
    commun: dict[str, Any] = {"auteur": auteur, "instant": instant}
    if reponses["projet"]:
        enregistrer_section(projet=projet, section="projet", version=0, champs=reponses["projet"], **commun)
    return enregistrer_section(
        projet=projet,
        section="budget",
        version=0,
        champs={"montant_demande": reponses["montant_demande"]} if reponses["montant_demande"] is not None else {},
        listes={"depenses": reponses["depenses"], "financements": reponses["financements"]},
        **commun,
    )


def _verrouiller(projet: Projet) -> Projet:
    """La rangée à jour : un autre onglet a pu déposer depuis."""
    return Projet.objects.select_for_update(of=("self",), no_key=True).get(pk=projet.pk)


def _remplacer(projet: Projet, relation: str, rangees: Iterable[Mapping[str, Any]]) -> None:
    gestionnaire = getattr(projet, relation)
    gestionnaire.all().delete()
    modele = gestionnaire.model
    modele.objects.bulk_create([modele(projet=projet, ordre=rang, **valeurs) for rang, valeurs in enumerate(rangees)])


@transaction.atomic
def supprimer_brouillon(*, projet: Projet) -> None:
    """Efface un brouillon jamais déposé, ses pièces comprises. Refuse une demande déposée."""
    projet = _verrouiller(projet)
    if projet.etat != EtatProjet.BROUILLON:
        raise Refus(_("Une demande déposée ne s’efface pas. Vous pouvez la retirer."), code="depose")
    for piece in projet.pieces.select_related("fichier", "projet"):
        retirer_piece(piece=piece)
    projet.delete()
