"""Les droits se vérifient dans les services : une vue oubliée n'ouvre rien."""

from collections.abc import Callable

import pytest

from alliances.models import Entente
from comptes.models import Utilisateur
from projets.models import Lettre, Projet, RapportProjet
from projets.services.brouillons import Ecriture, enregistrer_reponses
from projets.services.conventions import preparer_convention
from projets.services.lettres import corriger_lettre, envoyer_lettre
from projets.services.rapports import enregistrer_rapport
from reddition.services.redditions import compiler_reddition, ecrire_textes, preparer_reddition
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.horloge import aujourd_hui, maintenant
from tests.outils.personnes import personne

pytestmark = pytest.mark.django_db
COURANT = exercice_de(aujourd_hui())


def _lettre() -> Lettre:
    return Lettre.objects.filter(entente__code="02-2024").order_by("id").first()


def _accepte() -> Projet:
    return Projet.objects.filter(entente__code="02-2024", etat="accepte", convention__isnull=True).first()


def _reddition():
    return preparer_reddition(
        entente=Entente.objects.get(code="02-2024"),
        exercice=COURANT,
        auteur=personne("coordination"),
        instant=maintenant(),
    )


def _section(auteur: Utilisateur) -> None:
    projet = Projet.objects.get(entente__code="02-2024", etat="brouillon")
    enregistrer_reponses(
        projet=projet,
        section="projet",
        ecritures=[Ecriture("titre", "Autre")],
        auteur=auteur,
        instant=maintenant(),
    )


def _rapport(auteur: Utilisateur) -> None:
    rapport = RapportProjet.objects.filter(entente__code="02-2024").first()
    enregistrer_rapport(rapport=rapport, champs={}, reelles={}, obtenus={}, auteur=auteur)


COMMANDES: dict[str, Callable[[Utilisateur], object]] = {
    "enregistrer une section": _section,
    "écrire le rapport": _rapport,
    "corriger la lettre": lambda a: corriger_lettre(lettre=_lettre(), objet="x", corps="x", auteur=a),
    "envoyer la lettre": lambda a: envoyer_lettre(lettre=_lettre(), auteur=a, instant=maintenant()),
    "préparer la convention": lambda a: preparer_convention(projet=_accepte(), auteur=a, instant=maintenant()),
    "préparer la reddition": lambda a: preparer_reddition(
        entente=Entente.objects.get(code="02-2024"), exercice=COURANT, auteur=a, instant=maintenant()
    ),
    "compiler la reddition": lambda a: compiler_reddition(reddition=_reddition(), auteur=a, instant=maintenant()),
    "écrire les textes": lambda a: ecrire_textes(reddition=_reddition(), faits_saillants="x", retombees="", auteur=a),
}


@pytest.mark.parametrize("commande", COMMANDES)
@pytest.mark.parametrize("nom", ["promoteur", "evaluation1", "ministere", "coordination.lanaudiere", "tresorerie"])
def test_un_role_sans_le_droit_est_refuse_par_le_service(commande: str, nom: str) -> None:
    with pytest.raises(Refus, match="Votre rôle ne permet pas cette action") as refus:
        COMMANDES[commande](personne(nom))
    assert refus.value.code == "permission"
