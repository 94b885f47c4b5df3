"""La liste des demandes, en rangées : les colonnes d'un export, lues en flux et en un nombre constant de requêtes."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from projets.models import Projet
from projets.requetes import file_de_travail
from socle.argent import ZERO
from socle.documents.xlsx import Colonne, Feuille
from socle.formats import instant_court

LOT = 500
COLONNES = (
    Colonne(_("Numéro"), largeur=20),
    Colonne(_("Titre"), largeur=44),
    Colonne(_("Organisme"), largeur=36),
    Colonne(_("NEQ"), largeur=12),
    Colonne(_("Appel"), largeur=14),
    Colonne(_("Territoire"), largeur=26),
    Colonne(_("Priorité"), largeur=30),
    Colonne(_("État"), largeur=16),
    Colonne(_("Responsable"), largeur=24),
    Colonne(_("Demandé"), "argent"),
    Colonne(_("Accordé"), "argent"),
    Colonne(_("Début"), "date"),
    Colonne(_("Fin"), "date"),
    Colonne(_("Déposé le"), largeur=17),
)
DU_COMITE = (
    Colonne(_("Évaluations faites"), "entier"),
    Colonne(_("Évaluations"), "entier"),
    Colonne(_("Note sur 100"), "nombre"),
)


def colonnes(avec_comite: bool) -> list[Colonne]:
    return [*COLONNES, *(DU_COMITE if avec_comite else ())]


def rangees(projets: QuerySet[Projet], avec_comite: bool) -> Iterator[tuple[Any, ...]]:
    """Une rangée par demande, dans l'ordre des dépôts (une requête, lue par lots de 500)."""
    lus = file_de_travail(projets) if avec_comite else projets.select_related("organisme", "enveloppe", "appel")
    lus = lus.select_related("decision", "priorite", "responsable").order_by("depose_le", "pk")
    for p in lus.iterator(chunk_size=LOT):
        yield (
            p.numero,
            p.titre,
            p.organisme.nom,
            p.organisme.neq or "",
            p.appel.code,
            str(p.enveloppe or ""),
            str(p.priorite or ""),
            str(p.get_etat_display()),
            str(p.responsable or ""),
            p.montant_demande,
            p.decision.montant if hasattr(p, "decision") else None,
            p.debut,
            p.fin,
            instant_court(p.depose_le, p.appel.fuseau),
            *(_du_comite(p) if avec_comite else ()),
        )


def _du_comite(projet: Any) -> tuple[Any, ...]:
    return (projet.evaluations_faites or 0, projet.evaluations_total or 0, projet.note_moyenne)


def feuille(projets: QuerySet[Projet], avec_comite: bool, lues: Iterator[tuple[Any, ...]] | None = None) -> Feuille:
    """La feuille et ses totaux."""
    sommes = projets.order_by().aggregate(
        demande=Sum("montant_demande", default=ZERO), accorde=Sum("decision__montant", default=ZERO)
    )
    toutes: Sequence[Colonne] = colonnes(avec_comite)
    totaux = [str(_("Total")), *[""] * 8, sommes["demande"], sommes["accorde"], *[""] * (len(toutes) - 11)]
    return Feuille(
        nom=str(_("Demandes")),
        titre=str(_("Demandes déposées")),
        colonnes=[Colonne(str(c.titre), c.genre, c.largeur) for c in toutes],
        rangees=lues if lues is not None else rangees(projets, avec_comite),
        totaux=totaux,
    )
