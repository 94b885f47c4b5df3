"""Le moteur d'états : verrou, départ, permission, gardes, journal; toute table est saine."""

import threading
from datetime import datetime

import psycopg
import pytest
import rules
from django.db import connection, transaction

from appels.enums import EtatAppel
from appels.etats import APPEL
from projets import enums
from projets.etats import CONVENTION, EVALUATION, PROJET, RAPPORT, VERSEMENT
from projets.models import Projet
from reddition.enums import EtatReddition
from reddition.etats import REDDITION
from socle.erreurs import Refus
from socle.etats import Machine, Transition, transitions_de
from socle.horloge import maintenant
from socle.models import TransitionEtat
from tests.outils.personnes import personne

pytestmark = pytest.mark.django_db
MACHINES = {
    APPEL: EtatAppel,
    PROJET: enums.EtatProjet,
    EVALUATION: enums.EtatEvaluation,
    CONVENTION: enums.EtatConvention,
    VERSEMENT: enums.EtatVersement,
    RAPPORT: enums.EtatRapport,
    REDDITION: EtatReddition,
}


@pytest.fixture
def projet() -> Projet:
    return Projet.objects.filter(entente__code="02-2024", etat="depose").first()


def appliquer(projet: Projet, machine: Machine = PROJET, action: str = "admettre", **options: object) -> Projet:
    arguments = {"auteur": personne("coordination"), "instant": maintenant(), **options}
    return machine.appliquer(projet, action, **arguments)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.objet)
def test_chaque_table_ne_nomme_que_des_etats_et_des_permissions_qui_existent(machine: Machine) -> None:
    etats = set(MACHINES[machine].values)
    assert len({t.action for t in machine.transitions}) == len(machine.transitions)
    for t in machine.transitions:
        assert {*t.de, t.vers} <= etats, t.action
        assert rules.perm_exists(t.permission), t.permission
        assert str(t.libelle)


@pytest.mark.parametrize(
    ("machine", "depart"), [(PROJET, "brouillon"), (REDDITION, "preparation"), (VERSEMENT, "prevu")]
)
def test_tout_etat_s_atteint_depuis_le_depart(machine: Machine, depart: str) -> None:
    atteints, a_voir = set(), {depart}
    while a_voir:
        atteints |= a_voir
        a_voir = {t.vers for t in machine.transitions if set(t.de) & atteints} - atteints
    assert atteints == set(MACHINES[machine].values)


def test_une_transition_se_journalise_avec_son_auteur_et_son_motif(projet: Projet) -> None:
    instant = maintenant()
    appliquer(projet, motif="Complet.", instant=instant)
    note = transitions_de([projet]).first()
    assert (note.action, note.de, note.vers, note.motif, note.instant) == (
        "admettre",
        "depose",
        "admissible",
        "Complet.",
        instant,
    )
    assert note.auteur == personne("coordination")
    assert projet.etat == "admissible", "l'objet en main suit"


def test_un_objet_perime_est_refuse_d_apres_la_base(projet: Projet) -> None:
    """La page a été lue avant qu'une autre personne agisse : c'est la rangée verrouillée qui compte."""
    perime = Projet.objects.get(pk=projet.pk)
    appliquer(projet)
    with pytest.raises(
        Refus,
        match=r"«\u00a0Déclarer admissible\u00a0» n’est plus possible\u00a0: .*«\u00a0Admissible\u00a0».*Relisez la page",
    ):
        appliquer(perime)


def test_la_permission_se_verifie_pour_un_auteur_et_pas_pour_le_systeme(projet: Projet) -> None:
    avant = TransitionEtat.objects.count()
    with pytest.raises(Refus, match="Votre rôle ne permet pas cette action\u00a0: «\u00a0Déclarer admissible\u00a0»"):
        appliquer(projet, auteur=personne("finances"))
    assert TransitionEtat.objects.count() == avant
    assert appliquer(projet, auteur=None).etat == "admissible"


def test_une_garde_refuse_avec_sa_raison_apres_la_permission(projet: Projet) -> None:
    vues: list[str] = []

    def garde(objet: Projet, _instant: datetime) -> str:
        vues.append(objet.etat)
        return "Parce que."

    machine = Machine(
        "essai", (Transition("x", "X", ("depose",), "admissible", "projets.juger_admissibilite", (garde,)),)
    )
    with pytest.raises(Refus, match="Votre rôle"):
        appliquer(projet, machine, "x", auteur=personne("finances"))
    assert vues == []
    with pytest.raises(Refus, match=r"^Parce que\.$"):
        appliquer(projet, machine, "x")
    projet.refresh_from_db()
    assert (projet.etat, vues) == ("depose", ["depose"])


def test_une_action_inconnue_est_une_faute_du_code(projet: Projet) -> None:
    with pytest.raises(KeyError):
        appliquer(projet, action="inventer")


ADMETTRE = "SELECT etat FROM projets_projet WHERE id = %s FOR NO KEY UPDATE"


def test_deux_coordinations_en_meme_temps_se_suivent(copie_demo: str) -> None:
    """Le verrou du moteur (FOR NO KEY UPDATE), deux vraies connexions : la seconde lit ce que la première a écrit."""
    lus: list[str] = []
    with psycopg.connect(copie_demo) as un:
        cle = un.execute("SELECT id FROM projets_projet WHERE etat = 'depose' LIMIT 1").fetchone()[0]
        lus.append(un.execute(ADMETTRE, [cle]).fetchone()[0])

        def seconde() -> None:
            with psycopg.connect(copie_demo) as deux:
                lus.append(deux.execute(ADMETTRE, [cle]).fetchone()[0])

        fil = threading.Thread(target=seconde)
        fil.start()
        fil.join(0.3)
        assert fil.is_alive(), "elle attend"
        un.execute("UPDATE projets_projet SET etat = 'admissible' WHERE id = %s", [cle])
        un.commit()
        fil.join(5)
    assert lus == ["depose", "admissible"]


def test_le_moteur_verrouille_la_rangee(projet: Projet) -> None:
    with connection.execute_wrapper(_noter_requetes), transaction.atomic():
        REQUETES.clear()
        appliquer(projet)
    assert any("FOR NO KEY UPDATE" in requete for requete in REQUETES)


REQUETES: list[str] = []


def _noter_requetes(executer, sql, parametres, plusieurs, contexte):
    REQUETES.append(sql)
    return executer(sql, parametres, plusieurs, contexte)


def test_hors_transaction_le_moteur_refuse_d_agir() -> None:
    """Dans un autre fil, donc sur une connexion qui n'a rien commencé."""
    leve: list[Exception] = []

    def agir() -> None:
        try:
            PROJET.appliquer(Projet(pk=1), "admettre", auteur=None, instant=maintenant())
        except RuntimeError as erreur:
            leve.append(erreur)

    fil = threading.Thread(target=agir)
    fil.start()
    fil.join(5)
    assert [str(erreur) for erreur in leve] == ["Une transition s'applique dans une transaction."]
