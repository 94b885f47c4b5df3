"""Ce qu'un membre voit : ses dossiers par appel, sa file, les avis des autres, ce que les projets sont devenus."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from appels.enums import EtatAppel
from appels.models import Appel
from comite.models import Seance
from projets.enums import EVALUATIONS_OUVERTES, EtatEvaluation, EtatProjet
from projets.models import Evaluation, Note, Projet
from projets.requetes import lettre_envoyee
from projets.visibilite import vue_de
from socle.formats import argent, compter

PETIT_NOMBRE = 5  # R42 : un nombre plus petit ne se montre pas


@dataclass(frozen=True)
class Pile:
    """Les dossiers d'un appel : à faire d'abord, faits ensuite, retirés à la fin; et sa progression."""

    appel: Appel
    a_faire: list[Evaluation]
    faites: list[Evaluation]
    retirees: list[Evaluation]
    seances: list[Seance]

    @property
    def total(self) -> int:
        return len(self.a_faire) + len(self.faites)

    @property
    def pourcent(self) -> int:
        return round(100 * len(self.faites) / self.total) if self.total else 100

    @property
    def sans_reponse(self) -> int:
        """Combien d'organismes attendent encore sa réponse sur son lien."""
        return sum(e.etat == EtatEvaluation.ASSIGNEE for e in self.a_faire)


def evaluations_de(utilisateur: Any) -> QuerySet[Evaluation]:
    """Les siennes, sauf celles confiées depuis à une autre personne."""
    return (
        Evaluation.objects.assignees_a(utilisateur)
        .exclude(etat=EtatEvaluation.REMPLACEE)
        .select_related("projet__organisme", "projet__enveloppe", "projet__appel__entente__mandataire")
        .order_by("-projet__appel__fermeture", "projet__appel_id", "projet__numero")
    )


def piles(utilisateur: Any, instant: datetime) -> list[Pile]:
    """Une pile par appel, la plus récente d'abord; en un nombre fixe de requêtes."""
    evaluations = list(evaluations_de(utilisateur))
    appels = {e.projet.appel_id for e in evaluations}
    seances = list(
        Seance.objects.du_comite(utilisateur)
        .filter(appel__in=appels, debut__gte=instant)
        .select_related("appel", "territoire")
        .order_by("debut")
    )
    return [
        Pile(
            (siennes := list(groupe))[0].projet.appel,
            [e for e in siennes if e.ouverte],
            [e for e in siennes if e.etat == EtatEvaluation.SOUMISE],
            [e for e in siennes if e.etat == EtatEvaluation.RETIREE],
            [s for s in seances if s.appel_id == appel],
        )
        for appel, groupe in groupby(evaluations, key=lambda e: e.projet.appel_id)
    ]


@dataclass(frozen=True)
class Place:
    """Où l'on est dans sa file : rang, total, et l'évaluation suivante à faire."""

    rang: int
    total: int
    suivante: Evaluation | None


def place_dans_la_file(evaluation: Evaluation) -> Place:
    """La file : ses dossiers du même appel, par numéro; la suivante est la première encore à faire après elle, en boucle."""
    file = list(
        evaluations_de(evaluation.evaluateur)
        .filter(projet__appel=evaluation.projet.appel_id)
        .exclude(etat=EtatEvaluation.RETIREE)
    )
    rang = next((i for i, e in enumerate(file) if e.pk == evaluation.pk), 0)
    apres = [e for e in (*file[rang + 1 :], *file[:rang]) if e.etat in EVALUATIONS_OUVERTES]
    return Place(rang + 1, len(file), apres[0] if apres else None)


@dataclass(frozen=True)
class Avis:
    """L'évaluation d'une autre personne, telle qu'on la montre : sans son nom, sauf à qui peut le voir."""

    qui: str
    evaluation: Evaluation
    notes: list[Note]


def avis_des_autres(projet: Projet, utilisateur: Any, instant: datetime) -> list[Avis]:
    """Les avis remis des autres, s'ils se voient (R26); toujours vide sinon."""
    evaluations = list(
        projet.evaluations.select_related("evaluateur")
        .prefetch_related(Prefetch("notes", Note.objects.select_related("critere").order_by("critere__ordre")))
        .order_by("id")
    )
    vue = vue_de(utilisateur, projet, evaluations, instant)
    if not vue.notes:
        return []
    remises = [e for e in evaluations if e.etat == EtatEvaluation.SOUMISE and e.evaluateur_id != utilisateur.pk]
    return [
        Avis(
            str(e.evaluateur) if vue.noms else _("Avis {n}").format(n=rang),
            e,
            list(e.notes.all()),
        )
        for rang, e in enumerate(sorted(remises, key=_brasser), start=1)
    ]


def _brasser(evaluation: Evaluation) -> str:
    """Un ordre fixe qui ne dit ni qui a été assigné d'abord, ni qui a remis d'abord."""
    return hashlib.sha256(str(evaluation.pk).encode()).hexdigest()


@dataclass(frozen=True)
class Devenir:
    """Un projet annoncé : ce que l'instance a décidé, l'aide accordée, ce que le rapport accepté dit avoir réalisé."""

    numero: str
    titre: str
    organisme: str
    decision: str
    accorde: str
    realise: str


def devenirs(utilisateur: Any, instant: datetime) -> list[tuple[Appel, list[Devenir]]]:
    """Après l'annonce seulement (R28) : les projets qu'elle a évalués, sans ceux dont elle s'est retirée."""
    projets = (
        Projet.objects.filter(
            evaluations__evaluateur=utilisateur,
            evaluations__etat=EtatEvaluation.SOUMISE,
            appel__etat=EtatAppel.ANNONCE,
            appel__annonce_le__lte=instant,
            decision__isnull=False,
        )
        .select_related("appel__entente__mandataire", "organisme", "decision__lettre", "convention__rapport")
        .order_by("-appel__fermeture", "appel_id", "numero")
    )
    return [
        (groupe[0].appel, [_devenir(projet) for projet in groupe if lettre_envoyee(projet)])
        for groupe in _par_appel(projets)
    ]


def _par_appel(projets: Iterable[Projet]) -> list[list[Projet]]:
    return [list(groupe) for _appel, groupe in groupby(projets, key=lambda p: p.appel_id)]


def _devenir(projet: Projet) -> Devenir:
    convention = getattr(projet, "convention", None)
    rapport = convention.rapport if convention is not None and convention.rapport.accepte_le else None
    accepte = projet.etat == EtatProjet.ACCEPTE
    realise = ""
    if rapport is not None:
        rejointes = rapport.personnes_rejointes
        realise = (
            _("{n} rejointes").format(n=compter(rejointes, _("personne"), _("personnes")))
            if rejointes and rejointes >= PETIT_NOMBRE
            else _("Rapport final accepté")
        )
    elif accepte:
        realise = _("En cours")
    return Devenir(
        projet.numero or "",
        projet.titre,
        str(projet.organisme),
        str(projet.decision.get_sens_display()),
        argent(projet.decision.montant) if accepte else "–",
        realise,
    )
