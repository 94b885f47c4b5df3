"""Les actes du ministère sur une entente : une table, une page pour tous."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.translation import gettext_lazy as _

from alliances.enums import EtatEntente
from alliances.etats.entente import ENTENTE, EXIGENT_MOTIF
from alliances.forms import ententes as f
from alliances.models import Entente
from alliances.services import ententes as s
from alliances.services.mandataires import designer_mandataire, renommer_mandataire


@dataclass(frozen=True)
class ActeMinistere:
    """Un acte : son titre, son formulaire, son service, le message de réussite, et quand il s'offre."""

    titre: Any
    formulaire: Callable[[Any, Entente], Form]
    commande: Callable[..., Any]
    succes: Any
    offert: Callable[[Entente], bool]

    def arguments(self, formulaire: Any, entente: Entente) -> dict[str, Any]:
        valeurs = formulaire.arguments() if hasattr(formulaire, "arguments") else dict(formulaire.cleaned_data)
        return {"entente": entente, **valeurs}


@dataclass(frozen=True)
class ActeMandataire(ActeMinistere):
    """Un acte sur le mandataire de l'entente."""

    def arguments(self, formulaire: Any, entente: Entente) -> dict[str, Any]:
        return {"mandataire": entente.mandataire, **formulaire.cleaned_data}


def _vivante(entente: Entente) -> bool:
    return entente.etat != EtatEntente.CLOSE


def _designation(donnees: Any, entente: Entente) -> Form:
    m = entente.mandataire
    champs = ("designe_par", "designe_le", "resolution", "inscrit_req", "fiduciaire")
    return f.DesignationForm(donnees, initial={nom: getattr(m, nom) for nom in champs})


def _parametres(donnees: Any, entente: Entente) -> Form:
    aide = entente.aide
    noms = ("plafond", "plancher", "taux_max", "cumul_max", "rapport_final_mois")
    return f.ParametresForm(
        donnees,
        initial={
            **{nom: getattr(aide, nom) for nom in noms},
            "tranches": "/".join(str(part) for part in aide.tranches),
            "administration_max": entente.administration_max,
        },
    )


ACTES: dict[str, ActeMinistere] = {
    "montant": ActeMinistere(
        _("Inscrire le montant"),
        lambda donnees, entente: f.MontantForm(donnees),
        s.fixer_montant,
        _("Le montant est inscrit."),
        lambda entente: _vivante(entente) and entente.montant is None,
    ),
    "avenant": ActeMinistere(
        _("Inscrire un avenant"),
        lambda donnees, entente: f.AvenantForm(donnees),
        s.inscrire_avenant,
        _("L’avenant est inscrit : l’entente porte son nouveau montant et sa nouvelle fin."),
        _vivante,
    ),
    "signature": ActeMinistere(
        _("Inscrire une signature"),
        lambda donnees, entente: f.SignatureForm(donnees),
        s.inscrire_signature,
        _("La signature est inscrite."),
        _vivante,
    ),
    "tranche": ActeMinistere(
        _("Prévoir une tranche"),
        lambda donnees, entente: f.TrancheForm(donnees, entente=entente),
        s.prevoir_tranche,
        _("La tranche est prévue."),
        lambda entente: _vivante(entente) and entente.montant is not None,
    ),
    "parametres": ActeMinistere(
        _("Fixer les paramètres"),
        _parametres,
        s.fixer_parametres,
        _("Les paramètres sont enregistrés; les appels déjà ouverts gardent les leurs."),
        _vivante,
    ),
    "designation": ActeMandataire(
        _("Désigner le mandataire"),
        _designation,
        designer_mandataire,
        _("La désignation est consignée."),
        _vivante,
    ),
    "nom": ActeMandataire(
        _("Inscrire un nouveau nom du mandataire"),
        lambda donnees, entente: f.RenommerForm(donnees),
        renommer_mandataire,
        _("Le nouveau nom est inscrit; l’ancien reste avec ses dates."),
        _vivante,
    ),
}


@dataclass(frozen=True)
class ActeEtat(ActeMinistere):
    """Un changement d'état, tiré de la table des transitions."""

    action: str = ""

    def arguments(self, formulaire: Any, entente: Entente) -> dict[str, Any]:
        return {"entente": entente, "action": self.action, **formulaire.cleaned_data}


def _acte_etat(action: str) -> ActeEtat:
    regle = ENTENTE.transition(action)
    return ActeEtat(
        regle.libelle,
        lambda donnees, entente: f.EtatForm(donnees, bouton=regle.libelle, exige_motif=action in EXIGENT_MOTIF),
        s.changer_etat,
        _("L’état de l’entente est changé."),
        lambda entente: entente.etat in regle.de,
        action,
    )


ACTES |= {transition.action.replace("_", "-"): _acte_etat(transition.action) for transition in ENTENTE.transitions}
