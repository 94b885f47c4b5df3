"""Une fois la reddition déposée, aucun acte n'entre dans l'exercice : chacun se refuse en entier (décision 14, R38)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from alliances.models import Entente, Mouvement
from projets.models import Convention, Projet, Versement
from projets.services.decisions import Part, decider_projet
from projets.services.rapports import accepter_rapport, enregistrer_rapport, soumettre_rapport
from projets.services.versements import approuver_versement, payer_versement
from reddition.services.redditions import (
    deposer_reddition,
    ecrire_textes,
    preparer_reddition,
    renvoyer_reddition,
)
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.horloge import aujourd_hui, maintenant
from socle.models import TransitionEtat
from tests.outils.personnes import personne

pytestmark = pytest.mark.django_db
COURANT = exercice_de(aujourd_hui())


def acteur(nom: str) -> dict[str, object]:
    return {"auteur": personne(nom), "instant": maintenant()}


def convention() -> Convention:
    """Active, première tranche versée (Jonquière)."""
    return Convention.objects.select_related("projet", "rapport").get(projet__entente__code="02-2024", etat="active")


def approuver_une_tranche() -> None:
    Versement.objects.filter(convention=convention(), rang=2).update(condition="signature")
    approuver_versement(versement=convention().versements.get(rang=2), **acteur("finances"))


def soumettre() -> None:
    depense = convention().projet.depenses.first()
    rapport = enregistrer_rapport(
        rapport=convention().rapport,
        champs={"realisations": "Fait.", "personnes_rejointes": 5},
        reelles={depense.pk: depense.montant},
        obtenus={},
        auteur=personne("organismes"),
    )
    soumettre_rapport(rapport=rapport, **acteur("organismes"))


def decider() -> None:
    projet = Projet.objects.get(entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/CH")
    decider_projet(
        projet=projet,
        sens="accepter",
        resolution="CA-FERME",
        adoptee_le=aujourd_hui(),
        parts=[Part(projet.enveloppe, COURANT, projet.montant_demande)],
        motif_public="",
        **acteur("secretariat"),
    )


def payer() -> None:
    payer_versement(versement=convention().versements.get(rang=2), paiement="V", **acteur("tresorerie"))


def accepter() -> None:
    accepter_rapport(rapport=convention().rapport, **acteur("coordination"))


def deposer():
    reddition = preparer_reddition(
        entente=Entente.objects.get(code="02-2024"), exercice=COURANT, **acteur("coordination")
    )
    reddition = ecrire_textes(
        reddition=reddition, faits_saillants="En bref.", retombees="", auteur=personne("coordination")
    )
    return deposer_reddition(reddition=reddition, **acteur("coordination"))


def photo() -> tuple:
    """Tout ce qu'un acte à demi appliqué laisserait."""
    return (
        Mouvement.objects.count(),
        TransitionEtat.objects.count(),
        list(Projet.objects.order_by("pk").values_list("pk", "etat")),
        list(Versement.objects.order_by("pk").values_list("pk", "etat", "montant")),
        convention().rapport.etat,
    )


@pytest.mark.parametrize(
    ("avant", "acte"),
    [(lambda: None, decider), (approuver_une_tranche, payer), (soumettre, accepter)],
    ids=["décider", "payer", "accepter le rapport"],
)
def test_l_acte_se_refuse_en_entier_et_passe_une_fois_l_exercice_rouvert(
    avant: Callable[[], None], acte: Callable[[], None]
) -> None:
    avant()
    reddition = deposer()
    fige = photo()
    with pytest.raises(Refus, match=f"L’exercice {COURANT} est fermé\u00a0: sa reddition est déposée"):
        acte()
    assert photo() == fige
    renvoyer_reddition(reddition=reddition, commentaire="À revoir.", **acteur("ministere"))
    acte()
    assert photo()[0] > fige[0]


def test_un_autre_exercice_reste_ouvert() -> None:
    deposer()
    suivant = maintenant() + timedelta(days=365)
    approuver_une_tranche()
    soumettre()  # un rapport en retard suspendrait le versement (R31)
    paye = payer_versement(
        versement=convention().versements.get(rang=2), paiement="V", auteur=personne("tresorerie"), instant=suivant
    )
    assert paye.exercice == exercice_de(suivant.date()) > COURANT
