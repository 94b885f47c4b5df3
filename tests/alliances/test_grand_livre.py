"""Le grand livre : refus chiffrés, rejeu, ajout seul, races avec témoin, propriétés (R14 à R18, décisions 11 à 14)."""

import random
import threading
import time
from collections.abc import Callable
from decimal import Decimal

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliances.models import Enveloppe, Mouvement
from alliances.services import grand_livre
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.integrite import CONTROLES

pytestmark = pytest.mark.django_db
EXERCICE = "2026-2027"
CONTROLES_DU_LIVRE = (
    "chaîne d’empreintes du grand livre",
    "soldes des enveloppes",
    "soldes des engagements",
    "virements équilibrés",
)


def maria() -> Enveloppe:
    """Maria-Chapdelaine, 126 497,00 disponibles."""
    enveloppe = Enveloppe.objects.select_related("entente").get(code="02-2024/MC")
    assert enveloppe.disponible == Decimal("126497.00")
    return enveloppe


def engager(montant: str, cle: str, enveloppe: Enveloppe | None = None):
    return grand_livre.engager(
        enveloppe or maria(),
        Decimal(montant),
        exercice=EXERCICE,
        reference="ESSAI",
        auteur=None,
        instant=maintenant(),
        cle=cle,
    )


def fautes() -> list[str]:
    return [f"{nom} : {faute.rangee}" for nom in CONTROLES_DU_LIVRE for faute in CONTROLES[nom]()]


def test_r14_un_cent_de_trop_est_refuse_et_rien_n_est_ecrit() -> None:
    avant = Mouvement.objects.count()
    with pytest.raises(Refus, match=r"Il manque 0,01\s\$") as refus:
        engager("126497.01", "trop")
    assert refus.value.details == {"manque": "0.01", "disponible": "126497.00"}
    assert Mouvement.objects.count() == avant
    assert maria().disponible == Decimal("126497.00")


def test_r14_le_disponible_exact_passe_puis_le_rejeu_repond_reussi() -> None:
    premier = engager("126497.00", "tout")
    enveloppe = Enveloppe.objects.select_related("entente").get(code="02-2024/MC")
    assert enveloppe.disponible == 0
    assert engager("126497.00", "tout", enveloppe) == premier, "la clé rejouée répond même enveloppe pleine"
    assert Mouvement.objects.filter(cle__startswith="tout#").count() == 1


def test_r15_les_enveloppes_ne_depassent_pas_l_entente() -> None:
    with pytest.raises(Refus, match="dépasserait l’entente"):
        grand_livre.doter(maria(), Decimal("0.01"), exercice=EXERCICE, auteur=None, instant=maintenant(), cle="dot")


def test_r16_un_virement_est_une_paire_et_ne_rend_rien_negatif() -> None:
    cible = Enveloppe.objects.get(code="02-2024/CH")
    arguments = {"exercice": EXERCICE, "motif": "Essai", "auteur": None, "instant": maintenant()}
    mouvements = grand_livre.virer(maria(), cible, Decimal("26497.00"), cle="v1", **arguments)
    assert [m.montant for m in mouvements] == [Decimal("-26497.00"), Decimal("26497.00")]
    with pytest.raises(Refus, match="Il manque"):
        grand_livre.virer(
            Enveloppe.objects.select_related("entente").get(code="02-2024/MC"),
            cible,
            Decimal("100000.01"),
            cle="v2",
            **arguments,
        )


def test_verser_plus_que_l_engage_est_refuse() -> None:
    engagement = engager("1000.00", "e")
    with pytest.raises(Refus, match=r"dépasse de 0,01\s\$"):
        grand_livre.verser(
            engagement, Decimal("1000.01"), exercice=EXERCICE, auteur=None, instant=maintenant(), cle="v"
        )


def test_un_exercice_depose_refuse_les_mouvements() -> None:
    enveloppe = Enveloppe.objects.select_related("entente").get(code="02-2017/CH")
    with pytest.raises(Refus, match="fermé"):
        grand_livre.engager(
            enveloppe, Decimal(1), exercice="2019-2020", reference="X", auteur=None, instant=maintenant(), cle="ferme"
        )


@pytest.mark.parametrize(
    "requete",
    [
        "UPDATE alliances_mouvement SET montant = montant + 1",
        "DELETE FROM alliances_mouvement",
        "TRUNCATE alliances_mouvement CASCADE",
        "UPDATE alliances_enveloppe SET engage = engage + 1 WHERE code = '02-2024/CH'",
        "UPDATE alliances_engagement SET verse = 0 WHERE verse > 0",
    ],
)
def test_le_livre_est_en_ajout_seul_et_ses_soldes_proteges(requete: str) -> None:
    with pytest.raises((IntegrityError, Exception)) as refus, transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete)
    assert isinstance(refus.value.__cause__, psycopg.Error)


def test_une_enveloppe_d_une_autre_entente_est_refusee_par_la_base() -> None:
    autre = Enveloppe.objects.get(code="14-2017/JO")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mouvement.objects.create(
            entente=maria().entente,
            operation_id="00000000-0000-4000-8000-000000000001",
            type="dotation",
            enveloppe=autre,
            montant=1,
            exercice=EXERCICE,
            instant=maintenant(),
            cle="autre",
        )
        with connection.cursor() as curseur:
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["engager", "verser", "degager"]), st.decimals(min_value="0.01", max_value=90000, places=2)
        ),
        max_size=8,
    )
)
def test_apres_toute_suite_d_actes_les_soldes_sont_les_sommes(actes: list[tuple[str, Decimal]]) -> None:
    with transaction.atomic():
        engagement = engager("20000.00", "base")
        for rang, (acte, montant) in enumerate(actes):
            options = {"exercice": EXERCICE, "auteur": None, "instant": maintenant(), "cle": f"acte-{rang}"}
            gestes: dict[str, Callable] = {
                "engager": lambda m=montant, r=rang: engager(
                    str(m), f"eng-{r}", Enveloppe.objects.select_related("entente").get(code="02-2024/MC")
                ),
                "verser": lambda m=montant, o=options: grand_livre.verser(engagement, m, **o),
                "degager": lambda m=montant, o=options: grand_livre.degager(engagement, m, motif="x", **o),
            }
            try:
                gestes[acte]()
            except Refus:
                continue
        e = Enveloppe.objects.get(code="02-2024/MC")
        assert 0 <= e.verse <= e.engage <= e.dotation
        assert fautes() == []
        transaction.set_rollback(True)


def _courir(adresse: str, geste: Callable[[psycopg.Connection, int], None], fils: int = 2) -> list[Exception]:
    """`fils` connexions partent ensemble; rend leurs refus."""
    depart, refus = threading.Barrier(fils), []

    def courir(rang: int) -> None:
        with psycopg.connect(adresse) as base:
            depart.wait()
            try:
                geste(base, rang)
                base.commit()
            except psycopg.Error as erreur:
                refus.append(erreur)

    tous = [threading.Thread(target=courir, args=(rang,)) for rang in range(fils)]
    for fil in tous:
        fil.start()
    for fil in tous:
        fil.join()
    return refus


INSCRIRE = """
INSERT INTO alliances_mouvement (entente_id, sequence, operation_id, type, enveloppe_id, engagement_id, montant, exercice,
    reference, motif, instant, cle, empreinte)
SELECT e.entente_id, 0, gen_random_uuid(), 'engagement', e.id, g.id, 70000, '2026-2027', 'COURSE', '', now(), %s, ''
FROM alliances_enveloppe e JOIN alliances_engagement g ON g.enveloppe_id = e.id AND g.reference = %s WHERE e.code = '02-2024/MC'
"""
OUVRIR = """
INSERT INTO alliances_engagement (entente_id, enveloppe_id, reference, montant, verse, ouvert_le)
SELECT entente_id, id, %s, 0, 0, now() FROM alliances_enveloppe WHERE code = '02-2024/MC'
"""


def _engager_par_le_livre(base: psycopg.Connection, rang: int) -> None:
    base.execute(OUVRIR, [f"COURSE-{rang}"])
    base.execute(INSCRIRE, [f"course-{rang}-{random.random()}", f"COURSE-{rang}"])


def _sommer_puis_inserer(base: psycopg.Connection, rang: int) -> None:
    """Le témoin : additionner, vérifier, insérer, sans le mécanisme."""
    reste = base.execute("SELECT 126497 - coalesce(sum(montant), 0) FROM temoin").fetchone()[0]
    pret.wait()
    if reste >= 70000:
        base.execute("INSERT INTO temoin VALUES (70000)")


pret = threading.Barrier(2)


def test_deux_octrois_de_70_000_en_meme_temps_un_seul_passe(copie_demo: str) -> None:
    refus = _courir(copie_demo, _engager_par_le_livre)
    assert len(refus) == 1
    assert refus[0].diag.constraint_name == "grand_livre_fonds"
    with psycopg.connect(copie_demo) as base:
        [(engage, disponible)] = base.execute(
            "SELECT engage, disponible FROM v_enveloppe_solde WHERE enveloppe_code = '02-2024/MC'"
        ).fetchall()
    assert (engage, disponible) == (Decimal("70000.00"), Decimal("56497.00"))


def test_le_temoin_sans_le_mecanisme_en_passe_deux(copie_demo: str) -> None:
    with psycopg.connect(copie_demo, autocommit=True) as base:
        base.execute("CREATE TABLE temoin (montant numeric)")
    assert _courir(copie_demo, _sommer_puis_inserer) == []
    with psycopg.connect(copie_demo) as base:
        assert base.execute("SELECT sum(montant) FROM temoin").fetchone()[0] == 140000, "la course existe bien"


def test_soixante_quatre_clients_remplissent_exactement(copie_demo: str) -> None:
    """Cent quatre-vingts octrois d'un millier visent 1 280 000 $ moins ce qui y est : exactement plein, séquence sans trou."""
    ouvrir = OUVRIR.replace("02-2024/MC", "02-2024/BS")
    inscrire = INSCRIRE.replace("02-2024/MC", "02-2024/BS").replace("70000", "25000")

    def geste(base: psycopg.Connection, rang: int) -> None:
        base.execute(ouvrir, [f"F-{rang}"])
        base.execute(inscrire, [f"f-{rang}", f"F-{rang}"])

    refus = _courir(copie_demo, geste, 24)
    with psycopg.connect(copie_demo) as base:
        [(engage, disponible)] = base.execute(
            "SELECT engage, disponible FROM v_enveloppe_solde WHERE enveloppe_code = '02-2024/BS'"
        ).fetchall()
        [(trous,)] = base.execute(
            "SELECT max(sequence) - count(*) FROM alliances_mouvement m JOIN alliances_entente e ON e.id = m.entente_id WHERE e.code = '02-2024'"
        ).fetchall()
    assert (engage, disponible, len(refus), trous) == (Decimal("425000.00"), 0, 7, 0)


SUSPENDRE = "UPDATE alliances_entente SET etat = 'suspendue' WHERE code = '02-2024'"
FILE = "SELECT pg_advisory_xact_lock(20170402, (SELECT id::int FROM alliances_entente WHERE code = '02-2024'))"


def _suspendre_pendant(adresse: str, octroyer: Callable[[psycopg.Connection], None]) -> Exception | None:
    """Une connexion suspend l'entente et tarde à valider; l'autre octroie pendant ce temps. Rend le refus, s'il y en a un."""
    suspendue, refus = threading.Event(), []

    def suspendre() -> None:
        with psycopg.connect(adresse) as base:
            base.execute(FILE)
            base.execute(SUSPENDRE)
            suspendue.set()
            time.sleep(0.6)

    def octroi() -> None:
        with psycopg.connect(adresse) as base:
            suspendue.wait(5)
            try:
                octroyer(base)
                base.commit()
            except psycopg.Error as erreur:
                refus.append(erreur)

    fils = [threading.Thread(target=geste) for geste in (suspendre, octroi)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return refus[0] if refus else None


def test_un_octroi_qui_attend_une_suspension_est_refuse(copie_demo: str) -> None:
    """L'octroi attend le verrou, puis relit l'état : il ne passe pas dans une entente que l'on vient de suspendre."""
    refus = _suspendre_pendant(copie_demo, lambda base: _engager_par_le_livre(base, 1))
    assert isinstance(refus, psycopg.errors.CheckViolation)
    assert refus.diag.constraint_name == "grand_livre_etat_entente"


def test_le_temoin_qui_lit_l_etat_sans_le_verrou_octroie_quand_meme(copie_demo: str) -> None:
    """Le témoin : lire l'état, puis écrire ailleurs que dans le grand livre, laisse passer l'octroi."""
    with psycopg.connect(copie_demo, autocommit=True) as base:
        base.execute("CREATE TABLE temoin (montant numeric)")

    def lire_puis_ecrire(base: psycopg.Connection) -> None:
        [(etat,)] = base.execute("SELECT etat FROM alliances_entente WHERE code = '02-2024'").fetchall()
        assert etat == "active", "la suspension n'est pas encore validée"
        time.sleep(0.9)
        base.execute("INSERT INTO temoin VALUES (70000)")

    assert _suspendre_pendant(copie_demo, lire_puis_ecrire) is None
    with psycopg.connect(copie_demo) as base:
        assert base.execute("SELECT count(*) FROM temoin").fetchone()[0] == 1
        assert base.execute("SELECT etat FROM alliances_entente WHERE code = '02-2024'").fetchone()[0] == "suspendue"
