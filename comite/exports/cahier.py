"""Ce que montre un cahier de séance : des données, aucune mise en page. Un dossier retiré n'y a ni titre ni contenu (R25)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from comite.models import Seance
from comite.requetes.ordre_du_jour import Ligne, lignes_pour, points_de, retires_de
from projets.enums import EVALUATIONS_SORTIES, EtatEvaluation
from projets.models import Evaluation, Projet
from projets.requetes import dossier_complet
from projets.sections import constats_chiffres, demande_de
from projets.services.evaluations import note_moyenne
from projets.visibilite import Situation, situation_de, vue_de
from socle.argent import ZERO


@dataclass(frozen=True)
class Rangee:
    """Une rangée du tableau d'une page : le cumul et le reste balancent, retirés compris."""

    numero: str
    titre: str
    organisme: str
    priorite: str
    moyenne: Decimal | None
    remises: int
    attendues: int
    demande: Decimal
    cumul: Decimal
    reste: Decimal
    retire: bool
    deborde: bool


@dataclass(frozen=True)
class Groupe:
    """Un territoire : son enveloppe, ce qu'on lui demande, ce qui resterait ou manquerait."""

    nom: str
    disponible: Decimal
    demande: Decimal
    rangees: list[Rangee]

    @property
    def reste(self) -> Decimal:
        return self.disponible - self.demande

    @property
    def manque(self) -> Decimal:
        return -self.reste


@dataclass(frozen=True)
class Fiche:
    """Une demande en gros caractères : son contenu, et si la question du lien se pose encore."""

    projet: Projet
    demande: Any
    autres: Decimal
    ecarts: list[Any]
    lien_a_dire: bool
    heure: str


def contexte_cahier(seance: Seance, membre: Any, instant: datetime) -> dict[str, Any]:
    """L'ordre du jour, le tableau par territoire, une fiche par dossier, pour ce membre à cet instant."""
    points = points_de(seance)
    projets = [point.projet for point in points if point.projet is not None]
    retires = retires_de(membre, projets, instant)
    lignes = lignes_pour(seance, points, retires)
    evaluations: dict[int, list[Evaluation]] = defaultdict(list)
    for evaluation in Evaluation.objects.filter(projet__in=projets).order_by("id"):
        evaluations[evaluation.projet_id].append(evaluation)
    return {
        "seance": seance,
        "appel": seance.appel,
        "membre": membre,
        "mandataire": seance.entente.mandataire,
        "instant": instant,
        "lignes": lignes,
        "groupes": _groupes(projets, retires, evaluations, membre, instant),
        "fiches": _fiches(lignes, evaluations, membre),
        "criteres": list(seance.appel.criteres.all()),
        "retires": sum(ligne.retire for ligne in lignes),
    }


def _groupes(
    projets: list[Projet],
    retires: set[int],
    evaluations: dict[int, list[Evaluation]],
    membre: Any,
    instant: datetime,
) -> list[Groupe]:
    """Par enveloppe, dans l'ordre du jour : un ordre par moyenne dirait le rang à qui doit encore ses notes (R26)."""
    situation = situation_de(membre, instant)
    par_enveloppe: dict[Any, list[Projet]] = defaultdict(list)
    for projet in projets:
        par_enveloppe[projet.enveloppe].append(projet)
    groupes = []
    for enveloppe, siens in par_enveloppe.items():
        cumul, rangees = ZERO, []
        for projet in siens:
            cumul += projet.montant_demande or ZERO
            rangees.append(
                _rangee(
                    projet,
                    evaluations[projet.pk],
                    membre,
                    instant,
                    situation,
                    retire=projet.pk in retires,
                    cumul=cumul,
                    disponible=enveloppe.disponible,
                )
            )
        groupes.append(Groupe(str(enveloppe), enveloppe.disponible, cumul, rangees))
    return groupes


def _rangee(
    projet: Projet,
    evaluations: list[Evaluation],
    membre: Any,
    instant: datetime,
    situation: Situation,
    *,
    retire: bool,
    cumul: Decimal,
    disponible: Decimal,
) -> Rangee:
    actives = [e for e in evaluations if e.etat not in EVALUATIONS_SORTIES]
    voit = not retire and vue_de(membre, projet, evaluations, instant, situation).notes
    return Rangee(
        numero=str(projet.numero),
        titre="" if retire else projet.titre,
        organisme="" if retire else str(projet.organisme),
        priorite="" if retire else str(projet.priorite or "–"),
        moyenne=note_moyenne(actives) if voit else None,
        remises=sum(e.etat == EtatEvaluation.SOUMISE for e in actives),
        attendues=len(actives),
        demande=projet.montant_demande or ZERO,
        cumul=cumul,
        reste=disponible - cumul,
        retire=retire,
        deborde=cumul > disponible,
    )


def _fiches(lignes: list[Ligne], evaluations: dict[int, list[Evaluation]], membre: Any) -> list[Fiche]:
    """Une fiche par dossier ouvert au membre, dans l'ordre du jour; les retirés n'en ont pas."""
    ouverts = {ligne.projet.pk: ligne for ligne in lignes if ligne.projet is not None and not ligne.retire}
    complets = {projet.pk: projet for projet in dossier_complet(Projet.objects.filter(pk__in=list(ouverts)))}
    fiches = []
    for cle, ligne in ouverts.items():
        projet = complets[cle]
        demande = demande_de(projet, projet.depenses.all(), projet.financements.all())
        dites = {EtatEvaluation.EN_COURS, EtatEvaluation.SOUMISE}
        dit = any(e.evaluateur_id == membre.pk and e.etat in dites for e in evaluations[cle])
        fiches.append(
            Fiche(
                projet,
                demande,
                demande.total_financements,
                [constat for constat in constats_chiffres(projet) if not constat.conforme],
                not dit,
                ligne.heure,
            )
        )
    return fiches
