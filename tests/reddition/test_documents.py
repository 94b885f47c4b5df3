"""Le PDF, le XLSX, l'écran, la commande et la vue SQL disent les mêmes montants, au cent."""

import re
from decimal import Decimal
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from alliances.models import Entente
from reddition.exports import contenu
from reddition.models import Reddition
from reddition.services.redditions import demander_production, deposer_reddition, ecrire_textes, preparer_reddition
from socle import travaux
from socle.formats import argent, argent_cents, nombre
from socle.horloge import maintenant
from tests.outils.fichiers import octets
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
D = Decimal


def deposee(code: str) -> Reddition:
    """02-2017 : l'exercice le plus récent de la démonstration. Lanaudière : 2020-2021, déposée pour l'essai."""
    if code == "02-2017":
        return Reddition.objects.filter(entente__code=code, etat="acceptee").order_by("exercice").last()
    acteur = {"auteur": personne("coordination.lanaudiere"), "instant": maintenant()}
    preparee = preparer_reddition(entente=Entente.objects.get(code=code), exercice="2020-2021", **acteur)
    return deposer_reddition(
        reddition=ecrire_textes(
            reddition=preparee,
            faits_saillants="Cinq projets.",
            retombees="",
            auteur=personne("coordination.lanaudiere"),
        ),
        **acteur,
    )


def produire(reddition: Reddition, genre: str) -> bytes:
    production = demander_production(reddition=reddition, genre=genre, auteur=None, instant=maintenant())
    travaux.executer(production.travail_id)
    production.refresh_from_db()
    return octets(production.fichier)


def soldes(code: str) -> dict[str, tuple[Decimal, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT enveloppe_code, dotation, engage, verse, disponible FROM v_enveloppe_solde WHERE entente_code = %s",
            [code],
        )
        return {rangee[0]: rangee[1:] for rangee in curseur.fetchall()}


def en_texte(pdf: bytes) -> str:
    lu = "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", lu)


def cents(valeur: Any) -> Decimal:
    """La cellule, un nombre binaire, relue au cent; l'écart au cent est nul, sinon l'essai le voit."""
    lue = D(repr(valeur)).quantize(D("0.01"))
    assert abs(D(repr(valeur)) - lue) < D("0.000001")
    return lue


def tableau(octets_xlsx: bytes, feuille: str) -> list[tuple[Any, ...]]:
    classeur = openpyxl.load_workbook(BytesIO(octets_xlsx))
    return [tuple(c.value for c in rangee) for rangee in classeur[feuille].iter_rows(min_row=4) if rangee[0].value]


@pytest.mark.parametrize("code", ["02-2017", "14-2017"])
def test_pdf_xlsx_et_vue_sql_au_cent(code: str) -> None:
    reddition = deposee(code)
    vue = soldes(code)
    figees = {e["code"]: e for e in contenu(reddition)["enveloppes"]}
    assert {
        c: (e["dotation_cumul"], e["engage_cumul"], e["verse_cumul"], e["fermeture"]) for c, e in figees.items()
    } == {c: v for c, v in vue.items() if v[0]}

    xlsx = produire(reddition, "xlsx")
    lues = {r[0]: (cents(r[7]), cents(r[8]), cents(r[9]), cents(r[6])) for r in tableau(xlsx, "Enveloppes")}
    assert lues == {c: v for c, v in vue.items() if v[0]}
    projets = [r for r in tableau(xlsx, "Projets") if re.match(r"\d\d-\d{4}-", str(r[0]))]
    assert sum(cents(r[7]) for r in projets) == sum(v[1] for v in vue.values())
    assert sum(cents(r[9]) for r in projets) == sum(v[2] for v in vue.values())

    texte = en_texte(produire(reddition, "pdf"))
    total = contenu(reddition)["total"]
    attendus = {argent(total.accorde), argent(total.verse), argent(total.partenaires)}
    attendus |= {nombre(ligne.accorde_cumul, 2) for ligne in reddition.lignes.all()}
    manquants = [a for a in attendus if re.sub(r"\s+", " ", a) not in texte]
    assert not manquants


def test_lanaudiere_garde_ses_cents() -> None:
    """3 896 784,86 (source) : aucune des trois sorties ne perd les cents."""
    assert sum(v[0] for v in soldes("14-2017").values()) == D("3896784.86")
    reddition = deposee("14-2017")
    total = tableau(produire(reddition, "xlsx"), "Projets")[-1]
    assert cents(total[7]) == contenu(reddition)["total"].accorde_cumul == D("296556.74")
    assert "91 333,33" in en_texte(produire(reddition, "pdf"))


def test_l_ecran_dit_les_memes_totaux() -> None:
    reddition = deposee("02-2017")
    page = client("ministere").get(reddition.get_absolute_url()).content.decode()
    for e in contenu(reddition)["enveloppes"]:
        assert argent_cents(e["fermeture"]) in page
    assert argent_cents(contenu(reddition)["total"].verse) in page


def test_le_classeur_ecrit_des_dollars_aux_montants_et_rien_d_autre() -> None:
    """Un nombre de projets ou un levier n'est pas une somme d'argent."""
    classeur = openpyxl.load_workbook(BytesIO(produire(deposee("14-2017"), "xlsx")))
    synthese = {r[0].value: r[1].number_format for r in classeur["Synthèse"].iter_rows(min_row=4) if r[1].value}
    assert {nom: "$" in forme for nom, forme in synthese.items()} == {
        "Projets comptés dans l’exercice": False,
        "Projets suivis (feuille «\u00a0Projets\u00a0»)": False,
        "FQIS accordé": True,
        "FQIS versé": True,
        "Contributions des partenaires": True,
        "FQIS et partenaires": True,
        "Levier (dollars des partenaires par dollar du FQIS)": False,
    }
    entetes = [c.value for c in classeur["Territoires"][3]]
    formes = [c.number_format for c in classeur["Territoires"][4]]
    assert {t for t, f in zip(entetes, formes, strict=True) if "$" in f} == {
        "Accordé",
        "Versé",
        "Partenaires",
        "Total",
    }


def test_r40_un_levier_inconnu_reste_vide_au_classeur_et_tiret_a_l_ecran() -> None:
    reddition = Reddition.objects.get(entente__code="02-2017", exercice="2018-2019", etat="acceptee")
    assert contenu(reddition)["total"].levier is None
    synthese = dict(r[:2] for r in tableau(produire(reddition, "xlsx"), "Synthèse"))
    assert synthese["Levier (dollars des partenaires par dollar du FQIS)"] is None
    assert "<dt>Levier</dt><dd>–</dd>" in client("ministere").get(reddition.get_absolute_url()).content.decode()


def test_la_commande_ecrit_les_fichiers_ranges(tmp_path: Path) -> None:
    """`exporter_reddition` rend les mêmes octets que le téléchargement, et deux fois les mêmes."""
    options = {"entente": "02-2017", "exercice": "2019-2020", "stdout": StringIO()}
    for dossier in ("un", "deux"):
        call_command("exporter_reddition", sortie=tmp_path / dossier, **options)
    reddition = Reddition.objects.get(entente__code="02-2017", exercice="2019-2020", etat="acceptee")
    for production in reddition.productions.select_related("fichier"):
        nom = f"reddition.{production.genre}"
        ecrit = (tmp_path / "un" / nom).read_bytes()
        assert ecrit == (tmp_path / "deux" / nom).read_bytes() == octets(production.fichier)
        assert sha256(ecrit).hexdigest() == production.fichier.empreinte
        assert production.fichier.metadonnees == {
            "sequence": reddition.sequence,
            "empreinte_reddition": reddition.empreinte,
        }
    assert sorted(f.name for f in (tmp_path / "un").iterdir()) == ["reddition.pdf", "reddition.xlsx"]


def test_la_commande_refuse_un_exercice_sans_depot(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Aucune reddition déposée pour 14-2017, exercice 2019-2020"):
        call_command("exporter_reddition", entente="14-2017", exercice="2019-2020", sortie=tmp_path)
