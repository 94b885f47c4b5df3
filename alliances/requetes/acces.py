"""Qui a accès à quoi chez un mandataire, sur une page : par rôle, avec ce que le rôle permet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliances.models import Affectation, Mandataire
from comptes.enums import Role
from comptes.models import Adhesion
from socle.formats import jour_local

RECENT = timedelta(days=90)
PERMET = {
    Role.COORDINATION: _(
        "Voit tout ce qui relève du mandataire. Prépare les appels, examine les demandes, les confie au comité, écrit le plan"
        " de travail, certifie la reddition, donne et retire les accès."
    ),
    Role.SECRETARIAT: _("Lit tout; consigne les résolutions de l’instance qui décide."),
    Role.FINANCES: _("Lit tout; approuve ou paie les versements, jamais les deux pour le même."),
    Role.TRESORERIE: _("Lit tout; inscrit le paiement des versements qu’une autre personne a approuvés."),
    Role.LECTURE: _("Lit tout, sans rien changer."),
    Role.AGENT: _("Lit les demandes déposées dans son territoire, et rien des autres."),
    Role.EVALUATION: _("Lit et note les demandes qui lui sont confiées, après avoir dit son lien avec l’organisme."),
}


@dataclass(frozen=True)
class Acces:
    """Un accès et ce qu'il faut en savoir : s'il vaut aujourd'hui, et les organismes connus dont la personne est membre."""

    affectation: Affectation
    etat: str
    organismes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class GroupeAcces:
    """Un rôle, ce qu'il permet, qui l'a."""

    libelle: str
    permet: str
    acces: list[Acces]


@dataclass(frozen=True)
class TableauAcces:
    """Les accès d'un mandataire : en vigueur et à venir, par rôle; puis ceux qui ont fini depuis peu."""

    mandataire: Mandataire
    groupes: list[GroupeAcces]
    finis: list[Affectation]


def etat_acces(affectation: Affectation, jour: date) -> str:
    """« retire », « fini », « a_venir » ou « en_vigueur », à cette date."""
    if affectation.retiree_le is not None:
        return "retire"
    if affectation.fin is not None and affectation.fin < jour:
        return "fini"
    return "a_venir" if affectation.debut > jour else "en_vigueur"


def tableaux_acces(utilisateur: Any, jour: date) -> list[TableauAcces]:
    """Un tableau par mandataire où la personne est à la coordination (deux requêtes, quel que soit le nombre)."""
    affectations = list(
        Affectation.objects.visibles_pour(utilisateur)
        .filter(mandataire__isnull=False)
        .select_related("utilisateur", "mandataire", "territoire__entente", "invitee_par", "retiree_par")
        .order_by("mandataire__code", "utilisateur__nom", "utilisateur__email", "id")
    )
    organismes = organismes_connus(affectations)
    par_mandataire: dict[Mandataire, list[Affectation]] = defaultdict(list)
    for affectation in affectations:
        if affectation.mandataire is not None:
            par_mandataire[affectation.mandataire].append(affectation)
    return [_tableau(mandataire, siennes, organismes, jour) for mandataire, siennes in par_mandataire.items()]


def _tableau(
    mandataire: Mandataire, affectations: list[Affectation], organismes: dict[tuple[int, int], list[str]], jour: date
) -> TableauAcces:
    groupes = []
    for role, permet in PERMET.items():
        acces = [
            Acces(a, etat, organismes.get((a.utilisateur_id, mandataire.pk), []) if role == Role.EVALUATION else [])
            for a in affectations
            if a.role == role and (etat := etat_acces(a, jour)) in {"en_vigueur", "a_venir"}
        ]
        groupes.append(GroupeAcces(str(role.label), str(permet), acces))
    finis = [(fini, a) for a in affectations if (fini := _fini_le(a, jour)) is not None and fini >= jour - RECENT]
    finis.sort(key=lambda paire: paire[0], reverse=True)
    return TableauAcces(mandataire, groupes, [a for _fini, a in finis])


def _fini_le(affectation: Affectation, jour: date) -> date | None:
    if affectation.retiree_le is not None:
        return jour_local(affectation.retiree_le)
    return affectation.fin if affectation.fin is not None and affectation.fin < jour else None


def organismes_connus(affectations: Iterable[Affectation]) -> dict[tuple[int, int], list[str]]:
    """(personne, mandataire) → organismes promoteurs connus de ce mandataire dont un membre du comité est aussi membre.

    Un lien à connaître : la personne ne reçoit pas ces dossiers, et se retire des autres où elle a un intérêt (R25).
    """
    membres = [a.utilisateur_id for a in affectations if a.role == Role.EVALUATION]
    trouves: dict[tuple[int, int], list[str]] = defaultdict(list)
    rangees = (
        Adhesion.objects.filter(utilisateur__in=membres, retiree_le__isnull=True, organisme__connu_de__isnull=False)
        .order_by("organisme__nom")
        .values_list("utilisateur_id", "organisme__connu_de__mandataire_id", "organisme__nom")
    )
    for personne, mandataire, organisme in rangees:
        trouves[personne, mandataire].append(organisme)
    return trouves
