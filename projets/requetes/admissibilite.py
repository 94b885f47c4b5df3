"""Ce que les calculs disent déjà de chaque point d'admissibilité; la personne confirme, corrige ou tranche."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from projets.enums import CategorieDepense, ResultatPoint
from projets.models import ExamenAdmissibilite, Projet
from projets.regles import Constat
from projets.regles.admissibilite import POINTS
from projets.requetes.manques import pieces_attendues
from projets.sections import constats_chiffres, forme_admissible
from socle.argent import ZERO
from socle.formats import argent_cents, instant_secondes


@dataclass(frozen=True)
class Proposition:
    """Ce que le calcul propose pour un point; `resultat` vide : à la personne d'en juger. `ecart` : le calcul dit non."""

    resultat: str = ""
    note: str = ""
    ecart: bool = False


A_JUGER = Proposition()


def examen_en_vigueur(projet: Projet) -> ExamenAdmissibilite | None:
    return next((examen for examen in projet.examens.all() if examen.defait_le is None), None)


def proposer(projet: Projet) -> dict[str, Proposition]:
    """Une proposition par point, tirée des règles chiffrées, des dates, des pièces et des antécédents."""
    constats = constats_chiffres(projet)
    trouvees = _exclusions(projet) | {
        "recurrent": _recurrence(projet),
        "appuis": _pieces(projet),
        "montants": _du_constat([c for c in constats if c.regle in {"R7", "R8", "R9", "R10", "R11", "R13"}]),
        "dates": _du_constat([c for c in constats if c.regle == "R19"]),
    }
    return {point.code: trouvees.get(point.code, A_JUGER) for point in POINTS}


def _exclusions(projet: Projet) -> dict[str, Proposition]:
    """Les points qui excluent et que le calcul connaît; sans requête si la demande est déjà lue."""
    return {
        "organisme": _du_constat([forme_admissible(projet)]),
        "priorite": _priorite(projet),
        "immobilisations": _categorie(projet, CategorieDepense.IMMOBILISATIONS),
        "mission": _categorie(projet, CategorieDepense.MISSION_GLOBALE),
        "delai": _delai(projet),
    }


def exclusions_calculees(projet: Projet) -> list[str]:
    """Les codes des points que le calcul contredit : la demande s'examine une à une."""
    return [code for code, proposition in _exclusions(projet).items() if proposition.ecart]


def points_a_trancher(proposes: dict[str, Proposition]) -> list[str]:
    """Les points qui excluent et que le calcul contredit."""
    return [point.code for point in POINTS if point.exclut and proposes[point.code].ecart]


def _verifie(note: str) -> Proposition:
    return Proposition(ResultatPoint.VERIFIE, note)


def _du_constat(constats: list[Constat]) -> Proposition:
    """Vérifié si tous sont conformes; sinon, un écart, avec le calcul du premier."""
    if not constats:
        return Proposition(ResultatPoint.SANS_OBJET, _("Aucune borne à vérifier."))
    defauts = [constat for constat in constats if not constat.conforme]
    if defauts:
        return Proposition(ResultatPoint.NON, " ".join(f"{c.titre}. {c.detail}".strip() for c in defauts), ecart=True)
    return _verifie(" ".join(c.detail for c in constats if c.detail))


def _priorite(projet: Projet) -> Proposition:
    if projet.priorite is None:
        return Proposition(ResultatPoint.NON, _("Aucune priorité n’est choisie."), ecart=True)
    return _verifie(str(projet.priorite))


def _categorie(projet: Projet, categorie: str) -> Proposition:
    """Une dépense exclue peut rester au budget, payée par d'autres : elle n'exclut que si l'aide la paie."""
    depenses = list(projet.depenses.all())
    exclue = sum((d.montant for d in depenses if d.categorie == categorie), ZERO)
    if not exclue:
        return _verifie(_("Rien de tel au budget."))
    total = sum((d.montant for d in depenses), ZERO)
    autres = sum((f.montant for f in projet.financements.all()), ZERO)
    if exclue < total and autres >= exclue:
        return Proposition(
            "",
            _("{montant} au budget; les autres sources ({autres}) peuvent les payer.").format(
                montant=argent_cents(exclue), autres=argent_cents(autres)
            ),
        )
    return Proposition(
        ResultatPoint.NON,
        _("{montant} au budget, que les autres sources ne suffisent pas à payer.").format(montant=argent_cents(exclue)),
        ecart=True,
    )


def _recurrence(projet: Projet) -> Proposition:
    """R4 : avertit, n'exclut pas."""
    meme = (
        Projet.objects.deposes()
        .filter(
            organisme=projet.organisme_id,
            entente__mandataire=projet.entente.mandataire_id,
            titre__iexact=projet.titre,
            depose_le__lt=projet.depose_le,
        )
        .order_by("-depose_le")
        .first()
    )
    if meme is None:
        return _verifie(_("Aucune demande du même titre."))
    return Proposition(ResultatPoint.NON, _("Même titre que {numero}.").format(numero=meme.numero), ecart=True)


def _pieces(projet: Projet) -> Proposition:
    manquantes = pieces_attendues(projet, projet.pieces.all())
    if manquantes:
        return Proposition(
            ResultatPoint.NON, _("Il manque : {pieces}.").format(pieces=", ".join(map(str, manquantes))), ecart=True
        )
    return _verifie(_("Rien ne manque."))


def _delai(projet: Projet) -> Proposition:
    """R20 : la première version compte; une précision répondue après l'échéance n'est pas un retard."""
    premiere = min(projet.depots.all(), key=lambda depot: depot.rang)
    recu = projet.recu_le or premiere.instant
    if recu < projet.appel.fin_du_depot:
        return _verifie(_("Reçue le {quand}.").format(quand=instant_secondes(recu, projet.appel.fuseau)))
    return Proposition(
        ResultatPoint.NON,
        _("Reçue le {quand}, après l’échéance.").format(quand=instant_secondes(recu, projet.appel.fuseau)),
        ecart=True,
    )
