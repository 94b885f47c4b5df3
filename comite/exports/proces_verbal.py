"""Ce que montre le procès-verbal : présences, quorum, retraits, recommandations et montants; jamais une note (R25 à R27)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from comite.models import Seance
from comite.requetes.ordre_du_jour import lignes_pour, points_de
from comite.requetes.tenue import QuorumDossier, comite_de, quorums, tenue_de
from projets.enums import SensDecision
from projets.models import Projet, Recommandation
from socle.argent import ZERO


@dataclass(frozen=True)
class Dossier:
    """Une demande : qui s'en retire, si le quorum tenait, ce que le comité recommande. `choix` vide : rien encore."""

    projet: Projet
    quorum: QuorumDossier
    choix: str
    montant: Decimal


@dataclass(frozen=True)
class Section:
    """Une enveloppe : ses demandes et ce qui y est recommandé."""

    nom: str
    dossiers: list[Dossier]

    @property
    def total(self) -> Decimal:
        return sum((dossier.montant for dossier in self.dossiers), ZERO)


def contexte_proces_verbal(seance: Seance, instant: datetime) -> dict[str, Any]:
    """Ce que la séance a fait, tel qu'il est consigné au moment de la production."""
    points, tenue = points_de(seance), tenue_de(seance)
    projets = [point.projet for point in points if point.projet is not None]
    par_projet = quorums(seance, tenue, projets)
    dits = _recommandations(seance, projets)
    sections: dict[str, list[Dossier]] = {}
    for projet in sorted(projets, key=lambda p: (p.enveloppe.ordre if p.enveloppe else 0, p.numero or "")):
        choix, montant = dits.get(projet.pk, ("", ZERO))
        sections.setdefault(str(projet.enveloppe), []).append(Dossier(projet, par_projet[projet.pk], choix, montant))
    groupes = [Section(nom, dossiers) for nom, dossiers in sections.items()]
    return {
        "seance": seance,
        "appel": seance.appel,
        "mandataire": seance.entente.mandataire,
        "comite": comite_de(seance),
        "instant": instant,
        "tenue": tenue,
        "lignes": lignes_pour(seance, points, set()),
        "sections": groupes,
        "retraits": [d for groupe in groupes for d in groupe.dossiers if d.quorum.retires],
        "total": sum((groupe.total for groupe in groupes), ZERO),
        "retenu": seance.scenarios.filter(retenu_le__isnull=False).select_related("retenu_par").first(),
    }


def _recommandations(seance: Seance, projets: list[Projet]) -> dict[int, tuple[str, Decimal]]:
    """Projet → ce que le comité recommande, en mots, et son montant; seulement ce qui est consigné."""
    dites = {}
    demandes = {projet.pk: projet.montant_demande for projet in projets}
    for r in Recommandation.objects.filter(projet__in=projets):
        partie = r.sens == SensDecision.ACCEPTER and r.montant < (demandes[r.projet_id] or ZERO)
        dites[r.projet_id] = ("partie" if partie else r.sens, r.montant)
    return dites
