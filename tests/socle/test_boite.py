"""La boîte d'envoi : une fois par clé, réclamée sans se gêner, reprise après son bail, jamais perdue (décision 17)."""

import os
import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest

from outillage.chemins import RACINE
from outillage.services import Redis
from socle import boite
from socle.boite import (
    BAIL,
    CLASSE_VERROU,
    ESSAIS_MAX,
    LOT,
    RECLAMER,
    Demande,
    mettre_en_file,
    reclamer,
    remettre,
    traiter,
)
from socle.horloge import maintenant
from socle.models import Envoi

pytestmark = pytest.mark.django_db
AVANT = timedelta(minutes=1)  # dans un essai, l'heure de PostgreSQL est celle du début de la transaction


@pytest.fixture(autouse=True)
def vide() -> None:
    """La démonstration a déjà des envois en attente : ceux-ci seuls comptent ici."""
    Envoi.objects.all().delete()


def envoi(cle: str | None = "a", **options: object) -> Envoi:
    mettre_en_file(Demande("socle.essai", {"valeur": cle}, cle=cle, **options), instant=maintenant() - AVANT)
    return Envoi.objects.filter(cle=cle).latest("pk")


def relu(pk: int) -> Envoi:
    return Envoi.objects.get(pk=pk)


def test_une_cle_ne_s_inscrit_qu_une_fois() -> None:
    assert envoi("x").pk == envoi("x").pk
    assert envoi(None).pk != envoi(None).pk, "sans clé, deux demandes sont deux envois"
    assert Envoi.objects.count() == 3


def test_rien_avant_l_heure() -> None:
    futur = envoi("demain", pas_avant=maintenant() + timedelta(minutes=1))
    du = envoi("maintenant")
    assert reclamer() == [(du.pk, "socle.essai")]
    assert relu(futur.pk).etat == "en_attente"
    assert (relu(du.pk).etat, relu(du.pk).essais) == ("pousse", 1)
    assert reclamer() == [], "une rangée réclamée ne l'est pas deux fois"


@pytest.mark.parametrize(
    ("age", "reprise"), [(BAIL + timedelta(minutes=1), True), (BAIL - timedelta(minutes=1), False)]
)
def test_un_bail_expire_se_reprend(age: timedelta, reprise: bool) -> None:
    """Redis vidé ou travailleur tué : la rangée remise et jamais faite revient après son bail."""
    pk = envoi().pk
    reclamer()
    Envoi.objects.filter(pk=pk).update(reclame_le=maintenant() - age)
    assert bool(reclamer()) is reprise
    assert relu(pk).essais == (2 if reprise else 1)


def test_une_tache_qui_tue_toujours_son_travailleur_finit_en_echec() -> None:
    """Elle ne se note jamais elle-même en faute : après huit baux, la boîte cesse de la remettre et la montre."""
    pk = envoi().pk
    for _essai in range(ESSAIS_MAX):
        assert [i for i, _tache in reclamer()] == [pk]
        Envoi.objects.filter(pk=pk).update(reclame_le=maintenant() - 2 * BAIL)
    assert reclamer() == []
    assert (relu(pk).etat, "jamais finie" in relu(pk).erreur) == ("echec", True)


def empoisonner(**_charge: object) -> None:
    raise ValueError("poison")


def test_une_tache_empoisonnee_n_arrete_pas_les_autres_et_finit_en_echec() -> None:
    poison, saine = envoi("poison").pk, envoi("saine").pk
    faites: list[str] = []
    reculs: list[int] = []
    for _essai in range(ESSAIS_MAX):
        for pk, _tache in reclamer():
            traiter(pk, empoisonner if pk == poison else lambda valeur: faites.append(valeur))
        reculs.append(round((relu(poison).pas_avant - maintenant()).total_seconds()))
        Envoi.objects.filter(pk=poison).update(pas_avant=maintenant() - AVANT)
    assert (faites, relu(saine).etat) == (["saine"], "fait")
    assert (relu(poison).etat, relu(poison).essais, relu(poison).erreur) == ("echec", ESSAIS_MAX, "ValueError: poison")
    assert reculs == [10, 20, 40, 80, 160, 320, 600, 600], "le recul croît, jusqu'à dix minutes"
    assert reclamer() == []
    traiter(poison, lambda valeur: faites.append(valeur))
    assert faites == ["saine"], "un échec montré ne se rejoue pas en silence"


def test_un_echec_passager_se_reprend_et_efface_son_erreur() -> None:
    pk = envoi().pk
    reclamer()
    traiter(pk, empoisonner)
    assert (relu(pk).etat, relu(pk).erreur) == ("en_attente", "ValueError: poison")
    traiter(pk, lambda valeur: None)
    assert (relu(pk).etat, relu(pk).erreur) == ("fait", "")


def test_rejouer_un_envoi_fait_ne_fait_rien() -> None:
    pk, faites = envoi().pk, []
    for _livraison in range(3):
        traiter(pk, lambda valeur: faites.append(valeur))
    assert faites == ["a"]
    traiter(pk + 1000, empoisonner)  # une rangée disparue ne lève pas


def test_deux_livraisons_en_meme_temps_n_en_font_qu_une() -> None:
    """L'autre travailleur tient le verrou de session : cette livraison-ci ne fait rien, la rangée reste à faire."""
    pk, faites = envoi().pk, []
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as autre:
        autre.execute("SELECT pg_advisory_lock(%s, %s)", [CLASSE_VERROU, pk])
        traiter(pk, lambda valeur: faites.append(valeur))
        assert (faites, relu(pk).etat) == ([], "en_attente")
        autre.execute("SELECT pg_advisory_unlock(%s, %s)", [CLASSE_VERROU, pk])
    traiter(pk, lambda valeur: faites.append(valeur))
    assert faites == ["a"]


def test_remettre_borne_le_message() -> None:
    pk = envoi().pk
    remettre(pk, "x" * 5000)
    assert len(relu(pk).erreur) == 2000


INSERER = """
INSERT INTO socle_envoi (tache, charge, etat, pas_avant, essais, erreur, cree_le)
SELECT 'socle.essai', '{}', 'en_attente', now(), 0, '', now() FROM generate_series(1, %s)
"""


def test_deux_relais_se_partagent_la_boite_sans_s_attendre(base_clonee: str) -> None:
    """SKIP LOCKED, avec deux vraies connexions : la seconde prend le reste pendant que la première tient les siennes."""
    with psycopg.connect(base_clonee) as un, psycopg.connect(base_clonee) as deux:
        un.execute(INSERER, [LOT + 10])
        un.commit()
        deux.execute("SET lock_timeout = '1s'")
        premiers = {r[0] for r in un.execute(RECLAMER, [BAIL, LOT]).fetchall()}
        seconds = {r[0] for r in deux.execute(RECLAMER, [BAIL, LOT]).fetchall()}
        un.rollback()  # le premier relais meurt avant de valider : rien n'est perdu
        deux.commit()
        repris = {r[0] for r in un.execute(RECLAMER, [BAIL, LOT]).fetchall()}
    assert (len(premiers), len(seconds)) == (LOT, 10)
    assert not premiers & seconds
    assert repris == premiers


def test_l_avis_part_a_la_validation_seulement(base_clonee: str) -> None:
    """Le relais se réveille quand la rangée existe, pas avant."""
    with psycopg.connect(base_clonee, autocommit=True) as ecoute, psycopg.connect(base_clonee) as ecrit:
        ecoute.execute(f"LISTEN {boite.CANAL}")
        ecrit.execute(
            "INSERT INTO socle_envoi (tache, charge, etat, pas_avant, essais, erreur, cree_le)"
            " VALUES ('socle.essai', '{}', 'en_attente', now(), 0, '', now())"
        )
        assert list(ecoute.notifies(timeout=0.1)) == []
        ecrit.commit()
        assert len(list(ecoute.notifies(timeout=1, stop_after=1))) == 1


def relayer(base: str, redis: Redis) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "relais", "--une-fois"],
        cwd=RACINE,
        env={**os.environ, "DATABASE_URL": base, "REDIS_URL": redis.adresse},
        check=True,
        timeout=60,
    )


def lire(base: str) -> list[tuple]:
    with psycopg.connect(base) as lecture:
        return lecture.execute("SELECT etat, essais, erreur LIKE 'Courtier injoignable%' FROM socle_envoi").fetchall()


def rendre_du(base: str) -> None:
    with psycopg.connect(base) as ecriture:
        ecriture.execute("UPDATE socle_envoi SET pas_avant = now()")


def test_redis_fige_puis_arrete_differe_sans_rien_perdre(base_clonee: str, redis_dedie: Redis) -> None:
    """Un vrai relais; une dizaine de secondes, car Redis figé n'est déclaré muet qu'après son délai, une fois par lot."""
    with psycopg.connect(base_clonee) as base:
        base.execute(INSERER, [3])
    for couper, remettre_debout in (
        (redis_dedie.figer, redis_dedie.reveiller),
        (redis_dedie.arreter, redis_dedie.demarrer),
    ):
        couper()
        try:
            relayer(base_clonee, redis_dedie)
        finally:
            remettre_debout()
        assert lire(base_clonee) == [("en_attente", 0, True)] * 3, "aucun essai compté : rien n'a été tenté"
        rendre_du(base_clonee)
    relayer(base_clonee, redis_dedie)
    assert [rangee[:2] for rangee in lire(base_clonee)] == [("pousse", 1)] * 3
