"""R39 : chaque identité, rompue seule, se nomme; aucune reddition ne se dépose ainsi."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from alliances.models import Engagement, Entente, Enveloppe
from alliances.services import grand_livre
from projets.models import Projet
from projets.services.decisions import Part, decider_projet
from reddition.compilation import RangeeProjet, SoldeEnveloppe, compiler, identites
from reddition.etats import REDDITION
from reddition.models import Controle, LigneReddition, Reddition
from reddition.services.redditions import deposer_reddition, ecrire_textes, preparer_reddition
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.horloge import aujourd_hui, maintenant
from tests.outils.exercices import exercice_dote
from tests.outils.personnes import personne

pytestmark = pytest.mark.django_db
D, CENT = Decimal, Decimal("0.01")
COURANT = exercice_de(aujourd_hui())
CODES = ("lignes", "verse", "total", "territoire", "priorite", "provenance", "borne", "fermeture", "unique")
Compte = tuple[list[RangeeProjet], list[SoldeEnveloppe]]


def entente(code: str = "02-2024") -> Entente:
    return Entente.objects.select_related("mandataire").get(code=code)


def en_preparation() -> Reddition:
    reddition = preparer_reddition(
        entente=entente(), exercice=COURANT, auteur=personne("coordination"), instant=maintenant()
    )
    return ecrire_textes(
        reddition=reddition, faits_saillants="L’année en bref.", retombees="", auteur=personne("coordination")
    )


def rompues(reddition: Reddition) -> set[str]:
    return set(reddition.controles.filter(tenu=False).values_list("code", flat=True))


def deposer(reddition: Reddition) -> Reddition:
    return deposer_reddition(reddition=reddition, auteur=personne("coordination"), instant=maintenant())


def test_sans_faute_les_controles_tiennent_et_le_depot_passe() -> None:
    reddition = en_preparation()
    assert tuple(reddition.controles.values_list("code", flat=True)) == CODES
    assert rompues(reddition) == set()
    assert deposer(reddition).etat == "deposee"


@pytest.mark.parametrize("code", CODES)
def test_un_controle_rompu_se_nomme_et_arrete_le_depot(code: str) -> None:
    """La garde de la transition lit les contrôles : elle nomme celui qui ne tient pas et dit quoi faire."""
    reddition = en_preparation()
    Controle.objects.filter(reddition=reddition, code=code).update(tenu=False)
    libelle = reddition.controles.get(code=code).libelle
    with pytest.raises(Refus) as refus:
        REDDITION.appliquer(reddition, "deposer", auteur=personne("coordination"), instant=maintenant())
    assert str(refus.value) == (
        f"Un contrôle n’est pas tenu\u00a0: {libelle}. Corrigez-en la cause dans les projets, puis compilez de nouveau."
    )


def _rangee(compte: Compte, **valeurs: object) -> Compte:
    premiere = compte[0][0]
    return [replace(premiere, rangee=replace(premiere.rangee, **valeurs)), *compte[0][1:]], compte[1]


def _solde(compte: Compte, **valeurs: object) -> Compte:
    return compte[0], [replace(compte[1][0], **valeurs), *compte[1][1:]]


def _un_cent(champ: str) -> Callable[[Compte], Compte]:
    return lambda compte: _rangee(compte, **{champ: getattr(compte[0][0].rangee, champ) + CENT})


ALTERATIONS: dict[str, tuple[Callable[[Compte], Compte], set[str]]] = {
    "rien": (lambda compte: compte, set()),
    "un cent d'octroi en trop": (_un_cent("accorde_exercice"), {"lignes", "total", "territoire"}),
    "un cent de versement en trop": (_un_cent("verse_exercice"), {"verse"}),
    "un cent de partenaires en trop": (_un_cent("partenaires_argent"), {"total", "provenance"}),
    "un territoire absent des enveloppes": (lambda c: _rangee(c, enveloppe="Ailleurs"), {"territoire", "priorite"}),
    "versé au-delà de l'accordé": (lambda c: _rangee(c, verse_cumul=D(10**9)), {"borne"}),
    "un cent de fermeture en trop": (lambda c: _solde(c, fermeture=c[1][0].fermeture + CENT), {"fermeture"}),
}


@pytest.mark.parametrize("nom", ALTERATIONS)
def test_chaque_identite_voit_un_cent(nom: str) -> None:
    alterer, attendu = ALTERATIONS[nom]
    lue = compiler(entente("02-2017"), "2019-2020")
    rangees, soldes = alterer((lue.rangees, lue.enveloppes))
    assert {
        i.code
        for i in identites(lue.entente, "2019-2020", rangees, soldes, lue.provenance, lue.hors_projet)
        if not i.tenu
    } == attendu


# Les mêmes fautes, faites pour vrai dans la base, puis compilées et déposées par les services.


def _engagement_orphelin() -> Engagement:
    """De l'argent réservé au grand livre sans décision."""
    enveloppe = Enveloppe.objects.select_related("entente").get(code="02-2024/BS")
    return grand_livre.engager(
        enveloppe, D("500.00"), exercice=COURANT, reference="?", auteur=None, instant=maintenant(), cle="orphelin"
    )


def _paiement_orphelin() -> None:
    grand_livre.verser(
        _engagement_orphelin(), D("1.00"), exercice=COURANT, auteur=None, instant=maintenant(), cle="paiement"
    )


def _deux_enveloppes_au_meme_nom() -> None:
    Enveloppe.objects.filter(code="02-2024/RG").update(libelle=Enveloppe.objects.get(code="02-2024/JQ").libelle)


def _deja_compte_ailleurs() -> None:
    """Un projet nouveau de cet exercice, compté aussi dans une reddition déposée d'un autre."""
    reddition = en_preparation()
    ligne = reddition.lignes.filter(nouveau=True).first()
    autre = Reddition.objects.create(
        entente=ligne.entente,
        exercice="2025-2026",
        etat="deposee",
        sequence=1,
        empreinte="x",
        deposee_le=maintenant() - timedelta(days=90),
    )
    ligne.pk, ligne.reddition = None, autre
    LigneReddition.objects.bulk_create([ligne])


def _paye_avant_l_exercice_de_l_octroi() -> None:
    """Un octroi de l'an prochain (R18), payé cette année : versé plus que ce qui y est accordé."""
    suivant = exercice_de(aujourd_hui().replace(year=aujourd_hui().year + 1))
    projet = Projet.objects.get(entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/CH")
    decision = decider_projet(
        projet=projet,
        sens="accepter",
        resolution="CA-X",
        adoptee_le=aujourd_hui(),
        parts=[Part(projet.enveloppe, suivant, D("1000.00"))],
        motif_public="",
        auteur=personne("secretariat"),
        instant=maintenant(),
    )
    grand_livre.verser(
        decision.lignes.get().engagement, D("1.00"), exercice=COURANT, auteur=None, instant=maintenant(), cle="tot"
    )


@pytest.mark.parametrize(
    ("faute", "attendu", "message"),
    [
        (
            _engagement_orphelin,
            {"lignes", "total", "territoire"},
            "Somme des projets, et hors projet = engagements du grand livre",
        ),
        (
            _paiement_orphelin,
            {"lignes", "verse", "total", "territoire"},
            "Somme des versements, et hors projet = versements du grand livre",
        ),
        (
            _deux_enveloppes_au_meme_nom,
            {"territoire", "priorite"},
            "Somme par territoire, et hors projet = total accordé",
        ),
        (_deja_compte_ailleurs, {"unique"}, "Projets comptés aussi dans un autre exercice"),
        (_paye_avant_l_exercice_de_l_octroi, {"borne"}, "Versé au-delà de l’accordé"),
    ],
)
def test_une_vraie_faute_arrete_le_depot(faute: Callable[[], object], attendu: set[str], message: str) -> None:
    faute()
    reddition = en_preparation()
    assert rompues(reddition) == attendu
    with pytest.raises(Refus, match=message):
        deposer(reddition)
    reddition.refresh_from_db()
    assert (reddition.etat, reddition.sequence) == ("preparation", None)
    assert not reddition.entente.exercices_fermes.exists(), "l'exercice reste ouvert"


def test_une_depense_hors_projet_entre_dans_la_reddition_et_tout_balance() -> None:
    """La coordination engagée et payée en partie : ni un projet, ni un oubli (R12, R39)."""
    lue = compiler(entente("02-2024"), exercice_dote())
    assert [(d.reference, d.engage, d.verse) for d in lue.hors_projet] == [
        ("Poste de coordination", Decimal("96000.00"), Decimal("24000.00"))
    ]
    assert [i.libelle for i in lue.identites if not i.tenu] == []
    engage = sum(e.engage for e in lue.enveloppes)
    assert sum(r.rangee.accorde_exercice for r in lue.rangees) == engage - Decimal(96000)
    assert lue.chiffres["hors_projet"][0]["verse"] == "24000.00"
