"""Les pages publiques des appels : états, montants offerts et disponibles, recherche, échéance (R20, R28)."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from alliances.models import Enveloppe
from alliances.services import grand_livre
from appels.enums import EtatAppel, Phase
from appels.models import Appel
from appels.requetes.offres import tableau_offres
from appels.services.cycle import publier_appel
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.formats import jours_restants
from socle.horloge import aujourd_hui, maintenant

pytestmark = pytest.mark.django_db
D = Decimal

# Deuxième appel de l'Alliance 02 (source 000).
OFFRES = {
    "La Baie et le Bas-Saguenay": "156278",
    "Chicoutimi et les environs": "716293",
    "Jonquière et les environs": "299970",
    "Lac-Saint-Jean-Est": "223500",
    "Domaine-du-Roy": "441147",
    "Maria-Chapdelaine": "126497",
    "Enveloppe régionale": "115432",
}


def appel(code: str = "02-2017-2") -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code=code)


def page(adresse: str, **filtres: str) -> str:
    lue = Client().get(adresse, filtres).content.decode()
    return re.sub(r"[\u00a0\u202f]|&nbsp;", " ", lue)


def test_les_sept_enveloppes_du_deuxieme_appel() -> None:
    tableau = tableau_offres(appel())
    assert {r.libelle: r.offert for r in tableau.rangees} == {nom: D(montant) for nom, montant in OFFRES.items()}
    assert (tableau.territoires.offert, tableau.total.offert) == (D("1963685"), D("2079117"))
    assert [r.libelle for r in tableau.rangees if r.regionale] == ["Enveloppe régionale"]
    ecrite = page("/appels/02-2017-2/")
    assert "1 963 685 $" in ecrite
    assert "2 079 117 $" in ecrite
    assert "126 497 $" in ecrite


def test_r20_l_echeance_s_ecrit_en_mots() -> None:
    assert "7 février 2020 inclusivement, à 23 h 59 (heure de l’Est)" in page("/appels/02-2017-2/")


@pytest.mark.parametrize(
    ("fuseau", "fermeture", "mots"),
    [
        (
            "America/Toronto",
            datetime(2020, 2, 8, 5, tzinfo=UTC),
            "7 février 2020 inclusivement, à 23 h 59 (heure de l’Est)",
        ),
        (
            "America/Halifax",
            datetime(2020, 2, 8, 4, tzinfo=UTC),
            "7 février 2020 inclusivement, à 23 h 59 (heure de l’Atlantique)",
        ),
        # « avant 17 h » : 17:00:00 exclusif; l'heure avancée de mars se lit bien
        (
            "America/Toronto",
            datetime(2020, 3, 20, 21, tzinfo=UTC),
            "20 mars 2020 inclusivement, à 16 h 59 (heure de l’Est)",
        ),
        (
            "America/Halifax",
            datetime(2020, 3, 1, 4, tzinfo=UTC),
            "29 février 2020 inclusivement, à 23 h 59 (heure de l’Atlantique)",
        ),
        (
            "America/Toronto",
            datetime(2026, 11, 2, 5, tzinfo=UTC),
            "1er novembre 2026 inclusivement, à 23 h 59 (heure de l’Est)",
        ),
    ],
)
def test_r20_l_echeance_dans_le_fuseau_du_territoire(fuseau: str, fermeture: datetime, mots: str) -> None:
    lu = Appel(fuseau=fuseau, fermeture=fermeture, ouverture=fermeture - timedelta(days=30), etat=EtatAppel.PUBLIE)
    assert re.sub("\u00a0", " ", lu.echeance_en_mots) == mots
    assert lu.est_ouvert(fermeture - timedelta(milliseconds=300)), "23:59:59,7 est à temps"
    assert not lu.est_ouvert(fermeture), "00:00:00,0 ne l'est pas"


def test_r20_aux_iles_l_appel_ferme_une_heure_avant() -> None:
    """Le même « 7 février à minuit » : à 04:30Z, c'est fini aux Îles, pas au Saguenay."""
    iles, saguenay = (
        Appel(
            fuseau=f,
            fermeture=datetime(2020, 2, 8, h, tzinfo=UTC),
            ouverture=datetime(2020, 1, 1, tzinfo=UTC),
            etat="publie",
        )
        for f, h in (("America/Halifax", 4), ("America/Toronto", 5))
    )
    instant = datetime(2020, 2, 8, 4, 30, tzinfo=UTC)
    assert (iles.phase_a(instant), saguenay.phase_a(instant)) == (Phase.CLOS, Phase.OUVERT)


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("etat", "debut", "fin", "phase", "mots"),
    [
        ("publie", 10, 20, "à venir", "L’appel ouvre le"),
        ("publie", -10, 20, "ouvert", "pour déposer"),
        ("publie", -20, -10, "clos, en analyse", "L’appel recevait les demandes jusqu’au"),
        ("analyse", -20, 10, "clos, en analyse", "L’appel recevait les demandes jusqu’au"),
        ("annonce", -20, -10, "décisions rendues", "L’appel recevait les demandes jusqu’au"),
        ("annule", -10, 20, "annulé", "Cet appel est annulé"),
    ],
)
def test_a_venir_ouvert_clos_se_deduisent_de_l_heure(etat: str, debut: int, fin: int, phase: str, mots: str) -> None:
    instant = maintenant()
    Appel.objects.filter(code="02-2024-1").update(
        etat=etat, ouverture=instant + debut * MINUTE, fermeture=instant + fin * MINUTE
    )
    ecrite = page("/appels/02-2024-1/")
    assert phase in ecrite.lower()
    assert mots in ecrite
    assert ("Commencer une demande" in ecrite) is (phase == "ouvert")
    ouverts = page("/appels/").partition("À venir et passés")[0]
    assert ("agir ensemble" in ouverts) is (phase == "ouvert")


def test_r28_un_brouillon_d_appel_n_existe_pas_pour_le_public() -> None:
    Appel.objects.filter(code="02-2024-1").update(etat="brouillon")
    assert Client().get("/appels/02-2024-1/").status_code == 404
    assert "agir ensemble" not in page("/appels/")
    assert Client().get("/appels/inconnu/").status_code == 404


def test_l_offert_est_fige_le_disponible_suit_le_grand_livre() -> None:
    def rangee():
        return next(r for r in tableau_offres(appel("02-2024-1")).rangees if r.libelle == "Maria-Chapdelaine")

    avant = rangee()
    assert (avant.offert, avant.disponible) == (D("126497.00"), D("126497.00"))
    grand_livre.engager(
        Enveloppe.objects.select_related("entente").get(code="02-2024/MC"),
        D("26497.50"),
        exercice=exercice_de(aujourd_hui()),
        reference="X",
        auteur=None,
        instant=maintenant(),
        cle="offre",
    )
    assert (rangee().offert, rangee().disponible) == (D("126497.00"), D("99999.50"))


def test_r28_un_octroi_ne_se_lit_pas_avant_l_annonce() -> None:
    """La page publique garde le disponible de l'ouverture jusqu'à l'annonce, puis suit le grand livre."""
    octroi = "36 000"  # l'octroi de démonstration, à Jonquière, pas encore annoncé
    avant = page("/appels/02-2024-1/")
    assert "Disponible à l’ouverture" in avant
    assert octroi not in avant
    assert octroi not in page("/appels/02-2024-2/"), "ni sur la page d'un appel voisin, qui partage ses enveloppes"
    Appel.objects.filter(code="02-2024-1").update(etat="annonce", annonce_le=maintenant())
    assert "les octrois d’un appel voisin y paraîtront" in page("/appels/02-2024-1/")
    Appel.objects.filter(code="02-2024-2").update(etat="annonce", annonce_le=maintenant())
    apres = page("/appels/02-2024-1/")
    assert "Disponible maintenant" in apres
    assert octroi in apres


@pytest.mark.parametrize(
    ("mots", "attendus"),
    [
        ("", {"02-2017-1", "02-2017-2", "02-2024-1", "02-2024-2", "14-2017-1"}),
        ("lanaudiere", {"14-2017-1"}),
        ("LANAUDIÈRE appel", {"14-2017-1"}),
        ("02-2017", {"02-2017-1", "02-2017-2"}),
        ("pauvreté agir", {"02-2024-1"}),
        ("l'alliance introuvable", set()),
        ("%", set()),
        ("Saguenay Lac Saint Jean", {"02-2017-1", "02-2017-2", "02-2024-1", "02-2024-2"}),
        ("saguenay–lac-saint-jean", {"02-2017-1", "02-2017-2", "02-2024-1", "02-2024-2"}),
        ("d'initiatives", {"02-2024-2"}),
    ],
)
def test_chercher_sans_egard_aux_accents_ni_a_l_ordre(mots: str, attendus: set[str]) -> None:
    trouves = set(re.findall(r'href="/appels/(\d[^"/]+)/"', page("/appels/", q=mots)))
    assert trouves == attendus


def test_une_recherche_hostile_s_affiche_sans_s_executer() -> None:
    ecrite = page("/appels/", q='"><script>alert(1)</script>')
    assert "<script>alert(1)" not in ecrite
    assert "Aucun appel ouvert ne correspond à" in ecrite


@pytest.mark.parametrize(
    ("avant", "mots"),
    [
        (timedelta(days=12), "Il reste 12 jours"),
        (timedelta(hours=3, minutes=5), "Il reste 3 heures"),
        (timedelta(hours=1), "Il reste 1 heure"),
        (timedelta(minutes=5), "Il reste 5 minutes"),
        (timedelta(seconds=20), "Il reste 1 minute"),
        (timedelta(0), "L’échéance est passée"),
    ],
)
def test_le_temps_qui_reste(avant: timedelta, mots: str) -> None:
    fin = datetime(2020, 2, 8, 5, tzinfo=UTC)
    assert jours_restants(fin, fin - avant).replace("\u00a0", " ") == mots


def test_r24_un_appel_ne_se_publie_qu_avec_une_grille_de_cent() -> None:
    brouillon = appel("02-2024-2")
    Appel.objects.filter(pk=brouillon.pk).update(etat="brouillon")
    critere = brouillon.criteres.first()
    critere.poids += 1
    critere.save()
    with pytest.raises(Refus, match="100"):
        publier_appel(appel=appel("02-2024-2"), auteur=None, instant=maintenant())


def test_decision_8_les_parametres_se_figent_a_la_publication() -> None:
    publie = appel("02-2024-1")
    publie.entente.parametres = {"plafond": "1.00"}
    publie.parametres = {"plafond": "2.00"}
    assert publie.aide.plafond is None, "ceux du jour de la publication"
