"""Où en est la préparation d'un appel : une ligne par famille de réglages, ce qui manque, où aller."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliances.parametres import ParametresAide
from appels.enums import Famille, Gravite, ModeDepot
from appels.etats import EXIGENCES, manques
from appels.models import Appel
from appels.regles.gel import raison_du_gel
from appels.regles.gravites import PAR_DEFAUT, REGLES
from socle.formats import argent, compter, pourcentage

FAIT, INCOMPLET, FACULTATIF = "fait", "incomplet", "facultatif"


@dataclass(frozen=True)
class Etape:
    """Une étape de la préparation : son état (fait, incomplet, facultatif), ce qui manque ou ce qu'elle contient, son gel."""

    famille: Famille
    etat: str
    detail: str
    manques: tuple[str, ...]
    gel: str

    @property
    def titre(self) -> str:
        return str(self.famille.label)


def etapes_de_preparation(appel: Appel, instant: datetime) -> list[Etape]:
    """Toutes les familles, dans l'ordre où l'on prépare."""
    resumes = _resumes(appel)
    return [
        Etape(
            famille,
            _etat(famille, bool(manque := manques(appel, famille, instant)), resumes[famille][0]),
            resumes[famille][1],
            tuple(manque),
            raison_du_gel(appel.etat, famille) or "",
        )
        for famille in Famille
    ]


def _etat(famille: Famille, manque: bool, rempli: bool) -> str:
    if manque:
        return INCOMPLET
    return FAIT if rempli or famille in EXIGENCES else FACULTATIF


def _resumes(appel: Appel) -> dict[str, tuple[bool, str]]:
    """Par famille : y a-t-il quelque chose, et quoi, en quelques mots."""
    offres, criteres = list(appel.offres.all()), list(appel.criteres.all())
    pieces, etapes = list(appel.pieces_requises.all()), list(appel.etapes.all())
    connus = [o.offert for o in offres if o.offert is not None]
    a_venir = len(offres) - len(connus)
    propres = len(appel.parametres)
    montants = argent(sum(connus)) if connus else _("Aucun montant connu")
    if a_venir:
        montants = _("{montants}, {n} à venir").format(montants=montants, n=a_venir)
    return {
        Famille.RENSEIGNEMENTS: (bool(appel.resume), appel.titre),
        Famille.DEPOT: (True, _depot_en_mots(appel)),
        Famille.MONTANTS: (bool(offres), montants),
        Famille.PARAMETRES: (
            True,
            _("{propres}, le reste hérité de l’entente").format(
                propres=compter(propres, _("propre à l’appel"), _("propres à l’appel"))
            )
            if propres
            else _("Hérités de l’entente"),
        ),
        Famille.CALENDRIER: (
            bool(etapes),
            _nombre(len(etapes), _("Aucune étape annoncée"), "étape annoncée", "étapes annoncées"),
        ),
        Famille.PIECES: (bool(pieces), _nombre(len(pieces), _("Aucune pièce exigée"), "pièce", "pièces")),
        Famille.FORMULAIRE: _formulaire_en_mots(appel),
        Famille.GRILLE: (
            bool(criteres),
            _("{criteres}, total {total}").format(
                criteres=compter(len(criteres), "critère", "critères"), total=sum(c.poids for c in criteres)
            )
            if criteres
            else _("Aucun critère"),
        ),
        Famille.COMITE: (
            bool(phases := len(appel.phases_comite.all())),
            _nombre(
                phases,
                _("Aucune date : le comité note dès qu’on lui confie une demande"),
                "phase datée",
                "phases datées",
            ),
        ),
        Famille.CONTACT: (bool(appel.contact_telephone), appel.contact_nom),
        Famille.GUIDE: (
            bool(textes := len(appel.textes.all())),
            _nombre(textes, _("Aucun texte : le guide reprend les données de l’appel"), "texte", "textes"),
        ),
    }


def _formulaire_en_mots(appel: Appel) -> tuple[bool, str]:
    """Le formulaire type, ou sa dernière version; une version en préparation se publie avec l'appel."""
    version = appel.formulaires.order_by("-numero").first()
    if version is None:
        return False, _("Formulaire type")
    questions = compter(sum(1 for _question in version.formulaire.toutes()), "question", "questions")
    etat = _("publiée") if version.publiee_le else _("en préparation")
    return True, _("Version {n}, {etat}, {questions}").format(n=version.numero, etat=etat, questions=questions)


def _nombre(n: int, vide: str, singulier: str, pluriel: str) -> str:
    return compter(n, singulier, pluriel) if n else vide


def _depot_en_mots(appel: Appel) -> str:
    if appel.mode == ModeDepot.PERIODES:
        return _("{periodes}, jusqu’au {fin}").format(
            periodes=compter(len(appel.periodes.all()), "période", "périodes"), fin=appel.echeance_en_mots
        )
    return _("{mode}, jusqu’au {fin}").format(mode=ModeDepot(appel.mode).label, fin=appel.echeance_en_mots)


def _taux(valeur: Decimal) -> str:
    """« 90 % », « 87,5 % »."""
    return pourcentage(valeur, 0 if valeur * 100 == int(valeur * 100) else 1)


SANS = gettext_lazy("ne s’applique pas")
ECRIRE = {
    "plafond": argent,
    "plancher": argent,
    "taux_max": _taux,
    "cumul_max": _taux,
    "mise_min": _taux,
    "administration_max": _taux,
    "duree_max_mois": lambda v: compter(v, "mois", "mois"),
    "par_organisme": lambda v: compter(v, "demande", "demandes"),
    "tranches": lambda v: "/".join(str(part) for part in v),
    "rapport_final_mois": lambda v: compter(v, "mois", "mois"),
}


def valeur_en_mots(nom: str, aide: ParametresAide) -> str:
    """« 90 % », « 40 000 $ », « ne s'applique pas »."""
    valeur = getattr(aide, nom)
    return str(SANS) if valeur is None else ECRIRE[nom](valeur)


def gravites_lues(aide: ParametresAide) -> list[tuple[Any, str]]:
    """(règle, gravité) de chaque règle dont l'appel fixe la gravité."""
    return [(regle.libelle, str(Gravite(aide.gravite(regle.code, PAR_DEFAUT)).label)) for regle in REGLES]
