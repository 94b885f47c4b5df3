"""Le PDF de la reddition : pages, balises, totaux, changements, données hostiles."""

import time
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from reddition.comparaison import LigneFigee, Version, changements
from reddition.document import COURT, DANS_L_EXERCICE, annexe, colonne, contexte, notes_d_origine, par_territoire
from reddition.exports import contenu
from reddition.models import LigneReddition, Reddition
from reddition.regles import Rangee, sommer
from socle.documents.pdf import mettre_en_page, rendre_html
from tests.documents.lecture import debordements, defauts_ua, lire, ouvrir, veuves

I = "\u00a0"  # noqa: E741 — l'espace insécable, lisible dans les attendus
GABARIT = "pdf/reddition/reddition.html"
ENORME = Decimal("999999999999.99")
PAGES = 8  # couverture, matières, synthèse, octrois, récit, annexe (2), contrôle


def la_reddition(exercice: str = "2019-2020") -> Reddition:
    return (
        Reddition.objects.select_related("entente__mandataire", "entente__cycle", "deposee_par", "remplace")
        .filter(entente__code="02-2017", exercice=exercice, etat="acceptee")
        .get()
    )


@pytest.mark.django_db
def test_le_document_de_la_demonstration() -> None:
    debut = time.process_time()
    document = mettre_en_page(rendre_html(GABARIT, contexte(la_reddition())))
    with ouvrir(document) as pdf:
        assert time.process_time() - debut < 4  # 1 s au calme
        assert defauts_ua(pdf) == []
        assert len(pdf.pages) == PAGES
        paysages = [page for page in pdf.pages if page.mediabox[2] > page.mediabox[3]]
        assert len(paysages) == 2
        assert {tuple(sorted(float(x) for x in page.mediabox[2:])) for page in pdf.pages} == {(612.0, 792.0)}
    pages = lire(document)
    assert debordements(document) == []
    assert veuves(document) == []
    assert [f"page {n} sur {PAGES}" in page for n, page in enumerate(pages, 1)] == [False, *[True] * (PAGES - 1)]
    entier = " ".join(pages).replace(I, " ")
    for attendu in (
        "2 733 155",
        "4 812 272",
        "1 963 685",
        "Montant déduit, non publié : entente de 5 472 634 $, moins 4 812 272 $ aux autres enveloppes, reste 660 362 $.",
        "ministère du Travail, de l’Emploi et de la Solidarité sociale",
        "Texte modifié : faits saillants.",
        "Total, 28 projets",
        "Fondations et dons",
    ):
        assert attendu in entier, attendu
    reddition = la_reddition()
    assert reddition.empreinte in entier
    assert reddition.tete in entier


@pytest.mark.django_db
@pytest.mark.parametrize("exercice", ["2017-2018", "2020-2021", "2022-2023"])
def test_les_autres_exercices(exercice: str) -> None:
    document = mettre_en_page(rendre_html(GABARIT, contexte(la_reddition(exercice))))
    assert debordements(document) == []
    assert veuves(document) == []
    with ouvrir(document) as pdf:
        assert defauts_ua(pdf) == []


@pytest.mark.django_db
def test_des_donnees_hostiles_ne_defont_pas_les_pages() -> None:
    reddition = la_reddition()
    reddition.entente.mandataire.nom = ("Conférence régionale des élues et des élus " * 6)[:200]
    reddition.faits_saillants = "<b>gras</b><script>x</script> " + "Un paragraphe long. " * 900
    reddition.retombees = "Anticonstitutionnellementsansespace" * 60
    for rang, ligne in enumerate(reddition.lignes.all()):
        titre = "Anticonstitutionnellement" * 8 if rang % 2 else "Un titre de projet fort long " * 8
        LigneReddition.objects.filter(pk=ligne.pk).update(
            titre=titre[:160],
            organisme=("Regroupement des organismes communautaires " * 6)[:200],
            priorite=("Une priorité au libellé fort long " * 5)[:120],
            accorde_exercice=ENORME,
            verse_exercice=-ENORME,
            verse_cumul=ENORME,
            partenaires_argent=ENORME,
            partenaires_nature=ENORME,
        )
    for enveloppe in reddition.chiffres["enveloppes"]:
        enveloppe |= {cle: str(ENORME) for cle in enveloppe if cle not in {"code", "libelle", "nature", "origine"}}
    html = rendre_html(GABARIT, contexte(reddition))
    assert "<script" not in html
    assert "<b>gras" not in html
    document = mettre_en_page(html)
    assert debordements(document) == []
    assert [faute for faute in veuves(document) if "total" in faute] == []


@pytest.mark.django_db
def test_sous_total_des_territoires_puis_le_regional() -> None:
    c = contenu(la_reddition())
    lignes = par_territoire(c["enveloppes"], [], c["total"], notes_d_origine(c["enveloppes"], Decimal(5_472_634)))
    assert [ligne.sorte for ligne in lignes] == [*["ligne"] * 6, "sous_total", "ligne", "ligne", "total"]
    assert [ligne.appel for ligne in lignes] == [*["1"] * 6, "", "1", "2", ""]
    assert lignes[6].cellules[1].replace(I, " ") == "4 348 139"
    assert lignes[9].cellules[1].replace(I, " ") == "5 472 634"


def test_une_colonne_n_a_de_cents_que_s_il_y_en_a() -> None:
    assert colonne([Decimal("1000.00"), Decimal(0)]) == [f"1{I}000", "–"]
    assert colonne([Decimal("1000.00"), Decimal("0.50")]) == [f"1{I}000,00", "0,50"]


def _rangee(**valeurs: object) -> Rangee:
    base = {"projet_id": 1, "enveloppe_id": 1, "enveloppe": "A", "priorite": "P", "nouveau": True, "personnes": 0}
    montants = ("accorde_exercice", "accorde_cumul", "verse_exercice", "verse_cumul")
    montants += ("partenaires_argent", "partenaires_nature")
    return Rangee(**{**base, **dict.fromkeys(montants, Decimal(0)), **valeurs})


def test_ce_qui_change_se_dit_et_le_reste_se_tait() -> None:
    def version(verse: str, priorite: str, texte: str, *numeros: str) -> Version:
        lignes = {(n, 1): LigneFigee(n, priorite, (Decimal(verse),)) for n in numeros}
        total = sommer("Total", [_rangee(verse_exercice=Decimal(verse))])
        return Version(total, lignes, {"faits saillants": texte})

    avant = version("100.00", "A", "x", "n1", "n2")
    assert changements(avant, avant) == []
    phrases = [p.replace(I, " ") for p in changements(avant, version("148.50", "B", "y", "n1", "n3"))]
    assert phrases == [
        "Versé : + 48,50 $ (de 100,00 $ à 148,50 $).",
        "Projets ajoutés : n3.",
        "Projets retirés : n2.",
        "Priorité principale corrigée : n1. Le total ne change pas.",
        "Montants corrigés : n1.",
        "Texte modifié : faits saillants.",
    ]


@pytest.mark.django_db
def test_la_provenance_figee_balance() -> None:
    reddition = la_reddition()
    c = contenu(reddition)
    assert sum(a.montant for a in c["provenance"]) == c["total"].partenaires
    reddition.chiffres.pop("provenance")  # une version d'avant ce relevé
    assert sum(a.montant for a in contenu(reddition)["provenance"]) == c["total"].partenaires
    assert reddition.controles.get(code="provenance").tenu
    assert reddition.deposee_le.date() < date(2022, 10, 20)


def test_un_sous_total_ne_commence_jamais_une_page() -> None:
    """Quatorze longueurs d'un long groupe : la coupe tombe une fois juste avant le sous-total."""
    somme = sommer("A", [_rangee(accorde_exercice=Decimal(100), accorde_cumul=Decimal(100))])
    montants = dict.fromkeys(DANS_L_EXERCICE, Decimal(100))
    for longueur in range(20, 34):
        ligne = SimpleNamespace(titre="T", organisme="O", priorite="P", numero="N", **montants)
        groupes = [("A", [ligne] * longueur, somme), ("B", [ligne], somme)]
        donnees = {"annexe": annexe(groupes, somme), "lignes": [ligne], "total": somme, "court": COURT}
        corps = render_to_string("pdf/reddition/_annexe.html", donnees)
        document = mettre_en_page(f'<html lang="fr-CA"><title>T</title><body>{corps}</body></html>')
        assert veuves(document) == [], longueur
