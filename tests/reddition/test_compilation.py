"""La compilation retrouve les totaux publiés et les dossiers de chaque chiffre (R38 à R40, décision 11)."""

import re
from decimal import Decimal
from html import unescape
from itertools import pairwise

import pytest
from django.db.models import Sum

from alliances.models import Entente, Enveloppe, Mouvement
from projets.models import Projet
from projets.services.decisions import Part, decider_projet
from reddition.compilation import compiler
from reddition.exports import contenu
from reddition.models import LigneReddition, Reddition
from reddition.regles import sommer
from socle.exercices import exercice_de
from socle.formats import argent, argent_cents, nombre
from socle.horloge import aujourd_hui, maintenant
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
D = Decimal
COURANT = exercice_de(aujourd_hui())

# Premier appel (source 000) : enveloppe → (projets, accordé).
PREMIER_APPEL = {
    "BS": (3, "217431.00"),
    "CH": (5, "412514.00"),
    "JQ": (4, "653778.00"),
    "LE": (6, "604051.00"),
    "DR": (3, "124271.00"),
    "MC": (4, "372409.00"),
    "RG": (3, "348701.00"),
}


def compilation(exercice: str, entente: str = "02-2017"):
    return compiler(Entente.objects.get(code=entente), exercice)


def acceptee(exercice: str) -> Reddition:
    return Reddition.objects.get(entente__code="02-2017", exercice=exercice, etat="acceptee")


def par_enveloppe(exercice: str) -> dict[str, tuple[int, str]]:
    """Lettres → (projets nouveaux, accordé), d'après les chiffres figés."""
    lettres = dict(Enveloppe.objects.filter(entente__code="02-2017").values_list("libelle", "code"))
    return {
        lettres[t["libelle"]].rpartition("/")[2]: (t["nouveaux"], t["accorde"])
        for t in acceptee(exercice).chiffres["territoires"]
    }


def test_premier_appel_28_projets_et_2_733_155_dollars() -> None:
    total = acceptee("2019-2020").chiffres["total"]
    assert (total["nouveaux"], total["accorde"]) == (28, "2733155.00")
    assert par_enveloppe("2019-2020") == PREMIER_APPEL


def test_deuxieme_appel_23_octrois_et_1_298_566_dollars() -> None:
    total = acceptee("2020-2021").chiffres["total"]
    octrois = Projet.objects.filter(appel__code="02-2017-2", etat="accepte")
    assert total["nouveaux"] == octrois.count() == 23
    assert octrois.aggregate(s=Sum("decision__montant"))["s"] == D("1298566.00")
    degages = Mouvement.objects.filter(entente__code="02-2017", exercice="2020-2021", type="desengagement")
    assert D(total["accorde"]) == D("1298566.00") + (degages.aggregate(s=Sum("montant"))["s"] or 0), (
        "l'accordé de l'exercice est net de ce que les rapports finals rendent à l'enveloppe"
    )


def test_recompiler_un_exercice_fige_redonne_ses_chiffres() -> None:
    """Rien d'inscrit plus tard ne change un exercice fermé : ses montants se recalculent au cent."""
    for reddition in Reddition.objects.filter(entente__code="02-2017", etat="acceptee"):
        relue = compilation(reddition.exercice).chiffres
        for cle in ("accorde", "accorde_cumul", "verse", "verse_cumul", "nouveaux"):
            assert relue["total"][cle] == reddition.chiffres["total"][cle], (reddition.exercice, cle)
        assert relue["enveloppes"] == reddition.chiffres["enveloppes"]


def test_un_exercice_sans_octroi_se_compile_quand_meme() -> None:
    vide = compilation("2017-2018")
    assert vide.rangees == []
    assert vide.chiffres["total"]["accorde"] == "0.00"
    assert vide.chiffres["total"]["levier"] is None
    assert all(identite.tenu for identite in vide.identites)


def test_ouverture_d_un_exercice_est_la_fermeture_du_precedent() -> None:
    exercices = [f"{annee}-{annee + 1}" for annee in range(2017, 2024)]
    soldes = [{e.code: e for e in compilation(exercice).enveloppes} for exercice in exercices]
    for avant, apres in pairwise(soldes):
        assert {code: e.ouverture for code, e in apres.items()} == {code: e.fermeture for code, e in avant.items()}


@pytest.mark.parametrize("exercice", ["2019-2020", "2020-2021"])
def test_la_liste_d_un_chiffre_somme_au_chiffre(exercice: str) -> None:
    """Par territoire et par priorité : les dossiers ouverts font exactement le nombre cliqué."""
    reddition, c = acceptee(exercice), client("ministere")
    adresse = f"{reddition.get_absolute_url()}dossiers/"
    for filtre, groupes in (("enveloppe", "territoires"), ("priorite", "priorites")):
        for attendu in contenu(reddition)[groupes]:
            page = c.get(adresse, {filtre: attendu.libelle})
            lu = page.context["total"]
            assert (lu.projets, lu.accorde, lu.verse, lu.partenaires) == (
                attendu.projets,
                attendu.accorde,
                attendu.verse,
                attendu.partenaires,
            )
            assert sum(ligne.accorde_exercice for ligne in page.context["lignes"]) == attendu.accorde


@pytest.mark.parametrize("exercice", ["2019-2020", "2020-2021", "2021-2022"])
def test_chaque_chiffre_ouvre_les_dossiers_qui_le_composent(exercice: str) -> None:
    """Chaque lien d'une reddition mène à des rangées dont le total est le chiffre cliqué."""
    c = client("ministere")
    page = c.get(acceptee(exercice).get_absolute_url()).content.decode()
    liens = re.findall(r'href="([^"]+chiffre=(\w+))">([^<]+)</a>', page)
    assert len({genre for _adresse, genre, _texte in liens}) == 5
    for adresse, genre, texte in liens:
        contexte = c.get(unescape(adresse)).context
        total = contexte["total"]
        lus = {"nouveaux": str(total.projets), "personnes": nombre(total.personnes)}
        if genre in lus:
            assert lus[genre] == texte, adresse
        else:
            assert texte in {argent(getattr(total, genre)), argent_cents(getattr(total, genre))}, adresse


def test_r18_un_projet_sur_deux_enveloppes_compte_une_fois() -> None:
    projet = Projet.objects.get(entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/CH")
    enveloppes = [Enveloppe.objects.get(code=f"02-2024/{lettres}") for lettres in ("CH", "RG")]
    avant = sommer("avant", [r.rangee for r in compilation(COURANT, "02-2024").rangees])
    decider_projet(
        projet=projet,
        sens="accepter",
        resolution="CA-DEUX",
        adoptee_le=aujourd_hui(),
        parts=[Part(enveloppes[0], COURANT, D("30000.00")), Part(enveloppes[1], COURANT, D("10000.01"))],
        motif_public="",
        auteur=personne("secretariat"),
        instant=maintenant(),
    )
    apres = compilation(COURANT, "02-2024")
    total = sommer("après", [r.rangee for r in apres.rangees])
    assert total.nouveaux == avant.nouveaux + 1
    assert total.accorde == avant.accorde + D("40000.01")
    siennes = [r.rangee for r in apres.rangees if r.projet.pk == projet.pk]
    assert [r.accorde_exercice for r in siennes] == [D("30000.00"), D("10000.01")]
    prevus = projet.financements.aggregate(s=Sum("montant"))["s"]
    assert sum(r.partenaires for r in siennes) == prevus, "les partenaires se partagent sans perte"
    assert all(identite.tenu for identite in apres.identites)


def test_aucun_projet_n_est_nouveau_deux_fois() -> None:
    nouveaux = LigneReddition.objects.filter(
        reddition__entente__code="02-2017", reddition__etat="acceptee", nouveau=True
    ).values_list("projet", flat=True)
    assert len(nouveaux) == len(set(nouveaux)) == 28 + 23
