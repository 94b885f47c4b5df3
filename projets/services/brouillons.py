"""Écrire un brouillon : champ par champ, sans rien perdre ni rien écraser sans le dire."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from appels.models import Appel
from appels.questions import COLONNES
from comptes.models import Organisme, Utilisateur
from projets.champs import (
    LISTES,
    MONTANT,
    colonne_remplie,
    empreinte,
    en_json,
    formulaire_courant,
    rangees_json,
    valeur_de,
)
from projets.enums import EtatProjet
from projets.models import Projet, Reponse
from projets.services.pieces import retirer_piece
from socle.erreurs import Refus
from socle.etats import verifier_droit


@transaction.atomic
def creer_brouillon(
    *, appel: Appel, organisme: Organisme, titre: str, auteur: Utilisateur, instant: datetime
) -> Projet:
    """Ouvre un brouillon. Refuse un appel fermé, ou un organisme dont la personne n'est pas membre."""
    if organisme.pk not in auteur.portees.organismes:
        raise Refus(_("Vous n’êtes pas membre de cet organisme."), code="permission", champ="organisme")
    if not appel.est_ouvert(instant):
        raise Refus(_("Cet appel ne reçoit pas de demandes en ce moment."), code="ferme")
    formulaire = formulaire_courant(appel.pk)
    return Projet.objects.create(
        entente=appel.entente,
        appel=appel,
        organisme=organisme,
        formulaire=formulaire,
        formulaire_vu=formulaire.numero if formulaire else 0,
        titre=titre,
        cree_par=auteur,
        cree_le=instant,
        enregistre_le=instant,
    )


@dataclass(frozen=True)
class Ecriture:
    """Un champ à écrire. `base` : l'empreinte de la valeur lue (nulle : on ne compare pas); `illisible` : la saisie gardée."""

    champ: str
    valeur: Any
    base: str | None = None
    illisible: Any = None


@dataclass(frozen=True)
class Conflit:
    """Une autre personne a changé ce champ depuis qu'on l'a lu : sa valeur reste, la nôtre attend un choix."""

    champ: str
    valeur: Any
    par: int | None
    le: datetime | None


@transaction.atomic
def enregistrer_reponses(
    *, projet: Projet, section: str, ecritures: Sequence[Ecriture], auteur: Utilisateur, instant: datetime
) -> tuple[Projet, list[Conflit]]:
    """Écrit les champs changés d'une section; rend la demande à jour et les champs en conflit, laissés tels quels.

    Aucune règle n'empêche d'enregistrer; une saisie illisible est gardée et le dira. Un champ que la personne n'a pas
    touché n'est pas récrit. Refuse : une demande déposée, une personne sans droit.
    """
    rangee = _verrouiller(projet)
    verifier_droit(auteur, "projets.joindre_piece", rangee, _("Enregistrer la demande"))
    if rangee.etat != EtatProjet.BROUILLON:
        raise Refus(
            _("Cette demande est déposée : elle ne se modifie plus. Écrivez à la coordination pour une correction."),
            code="depose",
        )
    if any(e.champ not in LISTES and e.champ not in COLONNES for e in ecritures):
        prefetch_related_objects([rangee], "reponses")
    conflits, colonnes = [], set()
    for ecriture in ecritures:
        actuelle = valeur_de(rangee, ecriture.champ)
        if ecriture.illisible is not None:
            rangee.illisibles = {**rangee.illisibles, ecriture.champ: ecriture.illisible}
            continue
        neuve = rangees_json(ecriture.champ, ecriture.valeur) if ecriture.champ in LISTES else en_json(ecriture.valeur)
        rangee.illisibles = {cle: brut for cle, brut in rangee.illisibles.items() if cle != ecriture.champ}
        if ecriture.base == empreinte(neuve) or neuve == actuelle:
            continue
        if ecriture.base not in (None, empreinte(actuelle)):
            conflits.append(_conflit(rangee, ecriture.champ, actuelle))
            continue
        colonnes |= _ecrire(rangee, ecriture)
        rangee.versions = {**rangee.versions, ecriture.champ: {"par": auteur.pk, "le": instant.isoformat()}}
    rangee.sections_vues = sorted({*rangee.sections_vues, section})
    rangee.enregistre_le = instant
    rangee.save(update_fields=[*colonnes, "versions", "illisibles", "sections_vues", "enregistre_le"])
    return rangee, conflits


def _conflit(projet: Projet, champ: str, valeur: Any) -> Conflit:
    trace = projet.versions.get(champ, {})
    return Conflit(champ, valeur, trace.get("par"), datetime.fromisoformat(trace["le"]) if trace else None)


def _ecrire(projet: Projet, ecriture: Ecriture) -> set[str]:
    """Pose la valeur; rend les colonnes à enregistrer. Nommer une zone dit que le projet s'y tient (R55)."""
    champ, valeur = ecriture.champ, ecriture.valeur
    if champ in LISTES:
        _remplacer(projet, champ, valeur)
        return set()
    if champ == MONTANT or champ in COLONNES:
        setattr(projet, champ, colonne_remplie(champ, valeur))
        if champ == "zone" and valeur:
            projet.zone_visee = True
            return {"zone", "zone_visee"}
        return {champ}
    ecrire_reponse(projet, champ, valeur)
    return set()


def ecrire_reponse(projet: Projet, cle: str, valeur: Any) -> None:
    """Pose, ou efface si elle est nulle, la réponse à une question sans colonne."""
    if valeur is None:
        projet.reponses.filter(cle=cle).delete()
    else:
        Reponse.objects.update_or_create(projet=projet, cle=cle, defaults={"valeur": valeur})


@transaction.atomic
def reprendre_verification(
    *, projet: Projet, reponses: Mapping[str, Any], auteur: Utilisateur, instant: datetime
) -> Projet:
    """Met au brouillon neuf ce que la vérification d'admissibilité a demandé : territoire, dates, budget.

    `reponses` : `projet` (champs), `montant_demande`, `depenses` et `financements` (rangées). Mêmes refus que l'enregistrement.
    """
    commun: dict[str, Any] = {"auteur": auteur, "instant": instant}
    if reponses["projet"]:
        ecritures = [Ecriture(champ, valeur) for champ, valeur in reponses["projet"].items()]
        enregistrer_reponses(projet=projet, section="projet", ecritures=ecritures, **commun)
    budget = [Ecriture(champ, reponses[champ]) for champ in ("montant_demande", "depenses", "financements")]
    return enregistrer_reponses(projet=projet, section="budget", ecritures=budget, **commun)[0]


def _verrouiller(projet: Projet) -> Projet:
    """La rangée à jour : un autre onglet a pu déposer depuis."""
    return (
        Projet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("appel__entente", "entente", "formulaire")
        .get(pk=projet.pk)
    )


def _remplacer(projet: Projet, relation: str, rangees: Iterable[Mapping[str, Any]]) -> None:
    gestionnaire = getattr(projet, relation)
    gestionnaire.all().delete()
    modele = gestionnaire.model
    modele.objects.bulk_create([modele(projet=projet, ordre=rang, **valeurs) for rang, valeurs in enumerate(rangees)])


@transaction.atomic
def noter_formulaire_vu(*, projet: Projet, auteur: Utilisateur, instant: datetime) -> Projet:
    """La personne a lu ce qui a changé dans le formulaire : l'avis ne se montre plus."""
    verifier_droit(auteur, "projets.modifier_projet", projet, _("Lire les changements du formulaire"))
    projet.formulaire_vu = projet.formulaire.numero if projet.formulaire else 0
    projet.save(update_fields=["formulaire_vu"])
    return projet


@transaction.atomic
def supprimer_brouillon(*, projet: Projet) -> None:
    """Efface un brouillon jamais déposé, ses pièces comprises. Refuse une demande déposée."""
    projet = _verrouiller(projet)
    if projet.etat != EtatProjet.BROUILLON:
        raise Refus(_("Une demande déposée ne s’efface pas. Vous pouvez la retirer."), code="depose")
    for piece in projet.pieces.select_related("fichier", "projet"):
        retirer_piece(piece=piece)
    projet.delete()
