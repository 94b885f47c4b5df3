"""Ce que montre la page de lecture d'une demande, pour qui l'ouvre."""

from typing import Any

from django.http import HttpRequest

from appels.enums import Gravite
from projets.admin.documents import liens, volet
from projets.enums import EtatProjet
from projets.models import Projet
from projets.requetes import non_lus, precisions_lues
from projets.requetes.admissibilite import examen_en_vigueur
from projets.requetes.budget import comparer_budgets
from projets.requetes.decisions import decision_preparee
from projets.requetes.dossier import antecedents, anterieures, examens_lus, pieces_lues, versions_lues
from projets.sections import adoucir, constats_chiffres, demande_de, forme_admissible, pieces_manquantes
from projets.services.evaluations import note_moyenne
from projets.visibilite import vue_de
from socle.graphiques import barre_enveloppe

TONS = {
    EtatProjet.ACCEPTE: "reussite",
    EtatProjet.REFUSE: "neutre",
    EtatProjet.RETIRE: "neutre",
    EtatProjet.NON_ADMISSIBLE: "erreur",
    EtatProjet.LISTE_ATTENTE: "attention",
}


def lire_dossier(request: HttpRequest, objet: Projet) -> dict[str, Any]:
    """Règles l'écart d'abord, pièces, antécédents, versions, échanges; les notes internes seulement à l'équipe."""
    enveloppe, pieces = objet.enveloppe, list(objet.pieces.all())
    manquantes = pieces_manquantes(objet, pieces)
    constats = sorted(
        adoucir([forme_admissible(objet), *constats_chiffres(objet), *manquantes]),
        key=lambda c: (c.conforme, c.gravite == Gravite.SUITE),
    )
    lues, depot = pieces_lues(pieces), objet.depots.all()[0]
    revise = getattr(objet, "budget_revise", None)
    vue = vue_de(request.user, objet, objet.evaluations.all(), request.arrivee)
    notes = objet.notes_internes.visibles_pour(request.user).select_related("auteur")
    return {
        "ton": TONS.get(objet.etat, ""),
        "ecarts": sum(not c.conforme and c.gravite != Gravite.SUITE for c in constats),
        "a_completer": sum(not c.conforme and c.gravite == Gravite.SUITE for c in constats),
        "conformes": sum(c.conforme for c in constats),
        "reste_si_accorde": enveloppe.disponible - objet.montant_demande,
        "demande": demande_de(objet, objet.depenses.all(), objet.financements.all()),
        "moyenne": note_moyenne(objet.evaluations.all()) if vue.notes else None,
        "vue": vue,
        "constats": constats,
        "pieces": liens(request, objet, lues),
        "volet": volet(request, objet, lues),
        "pieces_manquantes": manquantes,
        "antecedents": antecedents(objet, request.user),
        "depot": depot,
        "anterieures": anterieures(objet) if hasattr(objet, "decision") else [],
        "budgets": comparer_budgets(revise, depot) if revise is not None else None,
        "versions": versions_lues(objet),
        "precisions": precisions_lues(objet, request.arrivee),
        "examen": examen_en_vigueur(objet),
        "examens": examens_lus(objet),
        "notes": notes if request.user.has_perm("projets.lire_notes", objet) else None,
        "prend": request.user.has_perm("projets.confier_dossier", objet) and objet.responsable_id != request.user.pk,
        "non_lus": non_lus(objet, request.user) if request.user.has_perm("projets.ecrire_message", objet) else None,
        "voit_evaluations": request.user.has_perm("projets.recommander", objet),
        "preparee": decision_preparee(objet) if request.user.has_perm("projets.lire_lettres", objet) else None,
        "barre": barre_enveloppe(
            dotation=enveloppe.dotation,
            engage=enveloppe.engage,
            verse=enveloppe.verse,
            propose=objet.montant_demande if not objet.decide_le else 0,
        ),
    }
