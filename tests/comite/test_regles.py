"""Règles pures du comité : note R24 et ses propriétés, échelle en mots, phases, partage équilibré, dispersion, R26."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appels.enums import PhaseComite
from appels.regles.echelle import EchelleIllisible, Palier, ecrire_echelle, lire_echelle, mot_de
from appels.regles.phases import hors_ordre, phase_a
from comite.regles.dispersion import dispersion
from comite.regles.equilibre import AConfier, Membre, equilibrer
from comite.regles.quorum import comptent_au_quorum, quorum_atteint, votent
from projets.enums import EtatEvaluation
from projets.regles import note_ponderee
from projets.visibilite import RIEN, ce_qui_se_voit

D = Decimal
T0 = datetime(2026, 1, 1, tzinfo=UTC)
GRILLE = ((15, 15), (50, 50), (35, 35))


def test_r24_l_exemple_de_la_regle() -> None:
    assert note_ponderee([(15, 15, 12), (50, 50, 40), (35, 35, 28)]) == D("80.00")


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_r24_je_ne_sais_pas_ramene_les_poids_a_cent(parts: list[int]) -> None:
    """Retirer un critère donne la même note que la grille des seuls autres, leurs poids ramenés à 100."""
    notes = [(poids, 100, part) for (poids, _maximum), part in zip(GRILLE, parts, strict=True)]
    sans = note_ponderee([notes[0], notes[1], (35, 100, None)])
    exacte = (D(notes[0][2]) * 15 + D(notes[1][2]) * 50) / 65
    assert sans is not None
    assert abs(sans - exacte) <= D("0.005")
    assert note_ponderee([(p, m, None) for p, m, _n in notes]) is None


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 50)), min_size=1, max_size=6), st.integers(0, 100))
def test_r24_une_meme_part_partout_est_la_note(criteres: list[tuple[int, int]], part: int) -> None:
    """Quand chaque critère reçoit tout, la note est 100; rien, 0; et une note de plus ne la baisse jamais."""
    assert note_ponderee([(p, m, m) for p, m in criteres]) == D(100)
    assert note_ponderee([(p, m, 0) for p, m in criteres]) == D(0)
    notes = [(p, m, m * part // 100) for p, m in criteres]
    poids, maximum, note = notes[0]
    if note < maximum:
        assert note_ponderee([(poids, maximum, note + 1), *notes[1:]]) >= note_ponderee(notes)


def test_echelle_se_lit_et_se_recrit() -> None:
    paliers = lire_echelle("15 Beaucoup; 0 Pas du tout\n5 = Un peu", 15)
    assert paliers == [Palier(0, "Pas du tout"), Palier(5, "Un peu"), Palier(15, "Beaucoup")]
    assert lire_echelle(ecrire_echelle(paliers), 15) == paliers
    assert [mot_de(n, paliers) for n in (0, 4, 5, 14, 15)] == [
        "Pas du tout",
        "Pas du tout",
        "Un peu",
        "Un peu",
        "Beaucoup",
    ]
    assert lire_echelle("", 15) == []


@pytest.mark.parametrize("texte", ["Beaucoup", "0 Rien", "0 Rien; 0 Peu", "0 Rien; 16 Trop", "0 ; 5"])
def test_echelle_illisible_est_refusee(texte: str) -> None:
    with pytest.raises(EchelleIllisible):
        lire_echelle(texte, 15)


def test_l_heure_dit_la_phase() -> None:
    debuts = {PhaseComite.COMMUN: T0, PhaseComite.SEANCE: T0 + timedelta(days=7)}
    assert phase_a({}, T0) == PhaseComite.LECTURE
    assert phase_a(debuts, T0 - timedelta(seconds=1)) == PhaseComite.LECTURE
    assert phase_a(debuts, T0) == PhaseComite.COMMUN
    assert phase_a(debuts, T0 + timedelta(days=8)) == PhaseComite.SEANCE
    assert hors_ordre(debuts) is None
    assert hors_ordre({PhaseComite.COMMUN: T0, PhaseComite.SEANCE: T0}) == PhaseComite.SEANCE


@pytest.mark.parametrize("role", ["coordination", "presidence", "membre", "autre"])
@pytest.mark.parametrize("phase", PhaseComite)
@pytest.mark.parametrize("clos", [True, False])
@pytest.mark.parametrize("sienne", ["assignee", "en_cours", "retiree"])
def test_r26_qui_doit_ses_notes_ou_s_est_retire_ne_voit_rien(role: str, phase: str, clos: bool, sienne: str) -> None:
    assert ce_qui_se_voit(role=role, sienne=sienne, clos=clos, phase=phase) == RIEN


@pytest.mark.parametrize("phase", PhaseComite)
@pytest.mark.parametrize("clos", [True, False])
def test_r26_table_de_ce_qui_se_voit(phase: str, clos: bool) -> None:
    commun = phase != PhaseComite.LECTURE
    vues = {
        role: ce_qui_se_voit(role=role, sienne="soumise", clos=clos, phase=phase) for role in ("membre", "presidence")
    }
    assert vues["membre"].notes == commun
    assert not vues["membre"].noms
    assert not vues["membre"].dispersion
    assert vues["presidence"].dispersion == commun
    assert not vues["presidence"].noms
    assert ce_qui_se_voit(role="membre", sienne=None, clos=clos, phase=phase) == RIEN
    coordination = ce_qui_se_voit(role="coordination", sienne=None, clos=clos, phase=phase)
    assert coordination.notes == (commun or clos)


def test_l_equilibre_regarde_territoire_charge_et_conflits() -> None:
    membres = [Membre(1, "A", charge=2, territoires=frozenset({7})), Membre(2, "B"), Membre(3, "C", charge=5)]
    partage = equilibrer(
        [AConfier(10, 7), AConfier(11, 8, exclus={2: "est membre"}, douteux={1: "à vérifier"})], membres, 1
    )
    assert partage.choix == ((10, 1), (11, 3))
    assert {(s.demande, s.membre, s.raison) for s in partage.sauts} == {(11, 2, "est membre"), (11, 1, "à vérifier")}
    assert not partage.manques
    assert equilibrer([AConfier(10, exclus={1: "x", 2: "y", 3: "z"})], membres, 2).manques == {10: 2}


@given(
    st.integers(1, 12), st.integers(1, 6), st.integers(1, 4), st.sets(st.tuples(st.integers(0, 11), st.integers(0, 5)))
)
def test_l_equilibre_ne_confie_jamais_un_conflit_ni_deux_fois(
    demandes: int, membres: int, par: int, conflits: set[tuple[int, int]]
) -> None:
    personnes = [Membre(m, f"M{m}") for m in range(membres)]
    a_confier = [AConfier(d, exclus={m: "conflit" for e, m in conflits if e == d}) for d in range(demandes)]
    partage = equilibrer(a_confier, personnes, par)
    assert not set(partage.choix) & conflits
    assert len(set(partage.choix)) == len(partage.choix)
    for d in range(demandes):
        recus = sum(demande == d for demande, _m in partage.choix)
        libres = sum((d, m) not in conflits for m in range(membres))
        assert recus == min(par, libres)
        assert partage.manques.get(d, 0) == par - recus
    assert equilibrer(a_confier, personnes, par) == partage
    if not conflits and membres >= par:
        charges = list(partage.charges.values())
        assert max(charges) - min(charges) <= 1


def test_la_dispersion() -> None:
    d = dispersion([D("60"), D("80"), D("70")])
    assert d is not None
    assert (d.moyenne, d.etendue, d.ecart_type, d.a_discuter) == (D("70.00"), D(20), D("8.16"), True)
    assert dispersion([]) is None


def test_les_etats_ouverts_et_sortis_ne_se_chevauchent_pas() -> None:
    assert set(EtatEvaluation.values) == {"assignee", "en_cours", "soumise", "retiree", "remplacee"}


@pytest.mark.parametrize(("hors_quorum", "atteint"), [(True, False), (False, True)])
def test_r25_un_retrait_sort_du_vote_et_selon_l_appel_du_quorum(hors_quorum: bool, atteint: bool) -> None:
    presents, retires = {1, 2, 3}, {3, 9}
    assert votent(presents, retires) == {1, 2}
    comptes = comptent_au_quorum(presents, retires, retrait_hors_quorum=hors_quorum)
    assert quorum_atteint(comptes, 3) == atteint
    assert quorum_atteint(comptes, None)
