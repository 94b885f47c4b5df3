"""Ce qu'un dossier lu par la coordination montre de plus : antécédents, versions déposées, examens, pièces."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from projets.comparaison import Difference, differences
from projets.enums import EtatRapport
from projets.models import DecisionAnterieure, Depot, ExamenAdmissibilite, PieceJointe, PointExamine, Projet
from projets.regles.admissibilite import PAR_CODE, Point
from projets.requetes import noms_du_contenu
from socle.documents.fichiers import se_montre
from socle.formats import date_longue, jour_local, sans_accents
from socle.horloge import aujourd_hui

ANTECEDENTS = 12


@dataclass(frozen=True)
class Antecedent:
    """Une autre demande du même organisme chez ce mandataire : ce qu'elle demandait, ce qu'elle a reçu, ce qu'elle a rendu."""

    projet: Projet
    accorde: Decimal | None
    verse: Decimal | None
    rapport: str
    rapport_a_temps: bool | None
    meme_titre: bool


def antecedents(projet: Projet, utilisateur: Any) -> list[Antecedent]:
    """Les dernières autres demandes déposées de l'organisme, dans tous les appels du mandataire, au plus `ANTECEDENTS`.

    Dans la portée de la personne : un agent territorial n'y lit que celles de son territoire. Deux requêtes.
    """
    autres = (
        Projet.objects.visibles_pour(utilisateur)
        .deposes()
        .filter(organisme=projet.organisme_id, entente__mandataire=projet.entente.mandataire_id)
        .exclude(pk=projet.pk)
        .select_related("decision", "appel", "convention__rapport")
        .prefetch_related("decision__lignes__engagement")
        .order_by("-depose_le")
    )
    titre = sans_accents(projet.titre).strip()
    return [_antecedent(autre, titre) for autre in autres[:ANTECEDENTS]]


def _antecedent(autre: Projet, titre: str) -> Antecedent:
    decision = getattr(autre, "decision", None)
    rapport, a_temps = _rapport(autre)
    return Antecedent(
        autre,
        decision.montant if decision else None,
        sum((ligne.engagement.verse for ligne in decision.lignes.all()), Decimal(0)) if decision else None,
        rapport,
        a_temps,
        sans_accents(autre.titre).strip() == titre,
    )


def _rapport(projet: Projet) -> tuple[str, bool | None]:
    """Le rapport final en mots, et s'il est (ou fut) à temps; nul s'il n'est pas encore dû."""
    convention = getattr(projet, "convention", None)
    if convention is None:
        return "", None
    rapport = convention.rapport
    if rapport.soumis_le is not None:
        a_temps = jour_local(rapport.soumis_le) <= rapport.du_le
        mots = _("Rapport remis à temps") if a_temps else _("Rapport remis en retard (dû le {date})")
        return mots.format(date=date_longue(rapport.du_le)), a_temps
    if rapport.etat != EtatRapport.ACCEPTE and rapport.du_le < aujourd_hui():
        return _("Rapport en retard depuis le {date}").format(date=date_longue(rapport.du_le)), False
    return _("Rapport attendu le {date}").format(date=date_longue(rapport.du_le)), None


def anterieures(projet: Projet) -> list[DecisionAnterieure]:
    """Les décisions qu'une révision a remplacées, la plus récente d'abord (une requête)."""
    return list(projet.decision.anterieures.select_related("lettre", "consignee_par"))


@dataclass(frozen=True)
class Version:
    """Une version déposée, et ce qu'elle change à la précédente."""

    depot: Depot
    differences: list[Difference]


def versions_lues(projet: Projet) -> list[Version]:
    """Les versions de la plus récente à la première; vide s'il n'y en a qu'une. Les dépôts sont déjà lus."""
    depots: list[Any] = list(projet.depots.all())
    if len(depots) < 2:  # noqa: PLR2004 — rien à comparer
        return []
    noms = noms_du_contenu(projet)
    return [
        Version(depot, differences(avant.contenu, depot.contenu, noms) if avant else [])
        for depot, avant in zip(depots, [*depots[1:], None], strict=True)
    ]


@dataclass(frozen=True)
class PointLu:
    """Un point d'un examen, avec sa question."""

    point: Point
    reponse: PointExamine


@dataclass(frozen=True)
class ExamenLu:
    """Un examen et ses points, dans l'ordre de la liste."""

    examen: ExamenAdmissibilite
    points: list[PointLu]


def examens_lus(projet: Projet) -> list[ExamenLu]:
    """Tous les examens, le plus récent d'abord; ceux qui sont défaits restent."""
    return [
        ExamenLu(examen, [PointLu(PAR_CODE[p.code], p) for p in examen.points.all() if p.code in PAR_CODE])
        for examen in projet.examens.all()
    ]


@dataclass(frozen=True)
class PieceLue:
    """Une pièce jointe; `montrable` : elle se montre à côté du texte, sans quitter le dossier."""

    piece: PieceJointe
    montrable: bool
    jointe_le: datetime

    @property
    def image(self) -> bool:
        """Une image se pose dans la page; un PDF, dans un cadre."""
        return self.montrable and self.piece.fichier.type_mime.startswith("image/")


def pieces_lues(pieces: Iterable[PieceJointe]) -> list[PieceLue]:
    """Les pièces; un PDF ou une image sains se montrent, tout autre type se télécharge."""
    return [PieceLue(piece, se_montre(piece.fichier), piece.jointe_le) for piece in pieces]
