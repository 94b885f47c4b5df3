"""La gouvernance : quorum, couverture, R43; un siège se compte et ne se relie à personne."""

from datetime import timedelta

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from alliances.enums import EtatSiege, FamillePartenaire, GroupeAge
from alliances.models import Comite, Entente, InstanceDecisionnelle, MembreComite, Partenaire, SiegeVecu, Territoire
from alliances.regles.gouvernance import drapeau_vecu, manques_de_couverture, quorum
from alliances.requetes.gouvernance import ententes_sans_vecu, lire_comite, sans_siege_pourvu, sieges_vacants
from alliances.requetes.instances import instance_competente
from alliances.services import gouvernance as services
from socle.erreurs import Refus
from socle.horloge import aujourd_hui, maintenant
from socle.models import TransitionEtat
from tests.outils.personnes import ROLES, personne

pytestmark = pytest.mark.django_db
CONNECTES = [nom for nom in ROLES if nom != "anonyme"]


def acte(nom: str = "coordination") -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


@pytest.fixture
def entente() -> Entente:
    return Entente.objects.select_related("mandataire").get(code="02-2024")


@pytest.fixture
def table(entente: Entente) -> Comite:
    return Comite.objects.select_related("entente").get(entente=entente, type="table")


def refus(motif: str):
    return pytest.raises(Refus, match=motif)


def membre(comite: Comite, existant: MembreComite | None = None, **champs) -> MembreComite:
    valeurs = {
        "nom": "Direction des affaires (démonstration)",
        "represente": "",
        "secteur": "affaires",
        "role": "membre",
        "vote": True,
        "groupe_age": "",
        "territoire": None,
        "depuis": aujourd_hui(),
        "jusqua": None,
    }
    return services.ecrire_membre(comite=comite, membre=existant, **{**valeurs, **champs}, **acte())


# Règles -------------------------------------------------------------------------------------------------------


@given(st.none() | st.integers(1, 30), st.integers(0, 30), st.integers(0, 10))
def test_quorum(requis: int | None, votants: int, pourvus: int) -> None:
    calcule = quorum(requis, votants, pourvus)
    assert calcule.votants == votants + pourvus, "un siège pourvu compte comme un votant"
    assert calcule.atteignable is (calcule.manque == 0)
    assert calcule.manque == max(0, (requis or 0) - votants - pourvus)


@given(st.sets(st.sampled_from(FamillePartenaire.values)), st.sets(st.sampled_from(GroupeAge.values)))
def test_manques_de_couverture(familles: set[str], groupes: set[str]) -> None:
    manques = manques_de_couverture(
        familles=[*familles, ""], groupes=groupes, territoires=[1, None], territoires_attendus=[1, 2]
    )
    assert set(manques.familles) == set(FamillePartenaire.values) - familles
    assert set(manques.groupes) == set(GroupeAge.values) - groupes
    assert manques.territoires == (2,)


@pytest.mark.parametrize(
    ("etats", "drapeau"),
    [([], True), (["vacant"], True), (["invite", "vacant"], True), (["vacant", "pourvu"], False)],
)
def test_r43_drapeau(etats: list[str], drapeau: bool) -> None:
    assert drapeau_vecu(etats) is drapeau


# Lectures -----------------------------------------------------------------------------------------------------


def test_la_table_de_demonstration(table: Comite) -> None:
    """Sept familles sur huit, deux sièges dont un pourvu, un quorum possible."""
    lu = lire_comite(table, aujourd_hui())
    assert [str(famille) for famille in lu.familles] == ["Milieux des affaires"]
    assert [t.code for t in lu.territoires] == ["DR"]
    assert sorted(s.etat for s in lu.sieges) == ["pourvu", "vacant"]
    assert (lu.quorum.requis, lu.quorum.votants, lu.quorum.atteignable) == (5, 7, True)
    assert not lu.sans_vecu


def test_r43_une_entente_sans_siege_pourvu(entente: Entente, table: Comite) -> None:
    jour = aujourd_hui()
    assert entente not in ententes_sans_vecu(Entente.objects.all(), jour)
    assert sans_siege_pourvu(Entente.objects.get(code="14-2017"), jour)
    siege = table.sieges.get(etat="pourvu")
    services.changer_siege(siege=siege, etat=EtatSiege.VACANT, **acte())
    assert entente in ententes_sans_vecu(Entente.objects.all(), jour)
    assert sieges_vacants(personne("coordination"), jour).count() == 2
    assert not sieges_vacants(personne("coordination.lanaudiere"), jour).exists()


def test_r43_un_comite_fini_ne_compte_plus(entente: Entente, table: Comite) -> None:
    Comite.objects.filter(pk=table.pk).update(jusqua=aujourd_hui() - timedelta(days=1))
    assert sans_siege_pourvu(entente, aujourd_hui())


def test_un_membre_termine_libere_sa_famille(table: Comite) -> None:
    scolaire = table.membres.get(secteur="scolaire")
    services.terminer_membre(membre=scolaire, jusqua=aujourd_hui() - timedelta(days=1), **acte())
    lu = lire_comite(table, aujourd_hui())
    assert {"Institutions scolaires", "Milieux des affaires"} == {str(f) for f in lu.familles}
    assert scolaire in lu.anciens
    with refus("déjà terminé"):
        services.terminer_membre(membre=scolaire, jusqua=aujourd_hui(), **acte())


# Écritures ----------------------------------------------------------------------------------------------------


def test_membres_ajoutes_et_refus(entente: Entente, table: Comite) -> None:
    ajoute = membre(table)
    assert not lire_comite(table, aujourd_hui()).familles
    assert membre(table, ajoute, role="observation", vote=False).pk == ajoute.pk
    hier = aujourd_hui() - timedelta(days=1)
    for champs, motif in (
        ({"role": "observation"}, "n’a pas droit de vote"),
        ({"role": "presidence"}, "préside déjà"),
        ({"jusqua": hier}, "avant le début"),
        ({"nom": " "}, "Nommez la personne"),
        ({"territoire": Territoire.objects.filter(entente__code="14-2017").first()}, "pas de l’entente"),
    ):
        with refus(motif):
            membre(table, **champs)
    autre = Comite.objects.get(entente=entente, type="analyse")
    with refus("pas de ce comité"):
        membre(autre, ajoute)


def test_comite_instance_partenaire(entente: Entente) -> None:
    champs = {"territoire": None, "mandat": "", "quorum": None, "depuis": aujourd_hui(), "jusqua": None}
    comite = services.ecrire_comite(
        entente=entente, comite=None, type="local", nom="Comité (démonstration)", **champs, **acte()
    )
    change = {**champs, "quorum": 3}
    modifie = services.ecrire_comite(entente=entente, comite=comite, type="local", nom="Comité", **change, **acte())
    assert (modifie.pk, modifie.quorum) == (comite.pk, 3)
    with refus("au moins un membre votant"):
        services.ecrire_comite(entente=entente, comite=None, type="local", nom="X", **{**champs, "quorum": 0}, **acte())
    assert not lire_comite(modifie, aujourd_hui()).quorum.atteignable
    territoire = Territoire.objects.get(entente=entente, code="CH")
    services.ecrire_instance(
        entente=entente,
        instance=None,
        genre="conseil_mrc",
        nom="conseil de la MRC (démonstration)",
        territoire=territoire,
        depuis=aujourd_hui(),
        jusqua=None,
        **acte(),
    )
    assert instance_competente(entente, territoire.pk, aujourd_hui()) == "conseil de la MRC (démonstration)"
    connu = Partenaire.objects.filter(entente=entente).first()
    with refus("déjà inscrit"):
        services.ecrire_partenaire(entente=entente, partenaire=None, nom=connu.nom, famille="sante", **acte())


@pytest.mark.parametrize("nom", [nom for nom in CONNECTES if nom != "coordination"])
def test_personne_d_autre_ne_gere(entente: Entente, table: Comite, nom: str) -> None:
    avant = (MembreComite.objects.count(), SiegeVecu.objects.count(), InstanceDecisionnelle.objects.count())
    for commande, arguments in (
        (services.ajouter_siege, {"comite": table}),
        (services.changer_siege, {"siege": table.sieges.first(), "etat": "vacant"}),
        (services.terminer_membre, {"membre": table.membres.first(), "jusqua": aujourd_hui()}),
        (services.ecrire_partenaire, {"entente": entente, "partenaire": None, "nom": "X", "famille": "sante"}),
    ):
        with refus("Votre rôle ne permet pas"):
            commande(**arguments, **acte(nom))
    assert (MembreComite.objects.count(), SiegeVecu.objects.count(), InstanceDecisionnelle.objects.count()) == avant


# Canari -------------------------------------------------------------------------------------------------------


def test_canari_rien_ne_relie_un_siege_a_une_personne() -> None:
    """Ni clé vers une personne ou un membre, ni champ libre, dans le modèle du siège; aucun modèle ne pointe le siège."""
    liens = {champ.related_model for champ in SiegeVecu._meta.get_fields() if champ.is_relation}
    assert liens == {Entente, Comite}
    assert {champ.name for champ in SiegeVecu._meta.get_fields() if not champ.is_relation} == {
        "id",
        "rang",
        "etat",
        "depuis",
    }
    pointent = [
        modele for modele in apps.get_models() for champ in modele._meta.fields if champ.related_model is SiegeVecu
    ]
    assert not pointent
    assert not any(champ.related_model is SiegeVecu for champ in MembreComite._meta.get_fields() if champ.is_relation)


def test_canari_l_historique_d_un_siege_ne_nomme_personne(table: Comite) -> None:
    services.changer_siege(siege=table.sieges.get(etat="vacant"), etat=EtatSiege.POURVU, **acte())
    traces = TransitionEtat.objects.filter(objet_type="alliances.comite", objet_id=table.pk, motif__startswith="Siège")
    noms = [m.nom for m in MembreComite.objects.filter(comite=table)]
    assert traces.count() >= 4
    assert not any(nom in trace.motif for trace in traces for nom in noms)
    with refus("déjà dans cet état"):
        services.changer_siege(siege=table.sieges.get(rang=2), etat=EtatSiege.POURVU, **acte())
