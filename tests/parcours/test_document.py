"""Dans un vrai navigateur, sous la vraie CSP : un document joint se lit à côté du dossier, sans JavaScript, liste gardée."""

import os
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from weasyprint import HTML

from tests.outils.axe import examiner
from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("document")]
MOT_DE_PASSE = "solidarite-demo-02"
LISTE = "/admin/projets/projet/?etat__exact=depose"


def une_lettre() -> bytes:
    return HTML(string="<h1>Lettre d’appui</h1><p>Nous appuyons ce projet.</p>").write_pdf()


def une_photo() -> bytes:
    sortie = BytesIO()
    Image.new("RGB", (900, 600), "#d8c7a3").save(sortie, "PNG")
    return sortie.getvalue()


def rouvrir_les_pieces(page: Page) -> str:
    """La coordination demande une pièce sur la première demande déposée; rend son numéro, sans le code de l'appel."""
    page.goto(LISTE)
    page.locator("#result_list tbody th a").first.click()
    numero = page.locator(".dossier .chapeau").inner_text().split(" ")[0]
    page.locator("aside a:has-text('Demander des précisions')").click()
    page.check("input[name=champs][value=pieces]")
    page.fill("[name=message]", "Joignez une lettre d’appui.")
    page.fill("input[name=limite]", f"{date.today() + timedelta(days=10):%Y-%m-%d}")
    page.locator("#content button[type=submit]").click()
    return numero.removeprefix("02-2024-1-")


@pytest.fixture(scope="module")
def numero(chromium: Browser, serveur: Serveur, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Une demande déposée, une lettre et une photo jointes par l'organisme."""
    page = ouvrir_page(chromium, serveur.adresse, java_script_enabled=False)
    connecter(page, "coordination@demo.example", MOT_DE_PASSE)
    numero, dossier = rouvrir_les_pieces(page), tmp_path_factory.mktemp("pieces")
    page = ouvrir_page(chromium, serveur.adresse, java_script_enabled=False)
    connecter(page, "organismes@demo.example", MOT_DE_PASSE)
    page.goto("/projets/")
    page.locator(f"tr:has-text('{numero}') a").first.click()
    page.goto(f"{page.url}pieces/")
    for nom, octets in (("lettre-d-appui.pdf", une_lettre()), ("salle.png", une_photo())):
        (dossier / nom).write_bytes(octets)
        libre = page.locator("section.carte").last
        libre.locator("input[type=file]").set_input_files(dossier / nom)
        libre.locator("button:has-text('Joindre')").first.click()
        expect(page.locator(".avis.reussite").last).to_contain_text(nom)
    return numero


def test_le_document_a_cote_sans_script_sous_la_csp(chromium: Browser, serveur: Serveur, numero: str) -> None:
    page = ouvrir_page(chromium, serveur.adresse, java_script_enabled=False)
    refus: list[str] = []
    page.on("console", lambda m: refus.append(m.text) if "Content Security Policy" in m.text else None)
    connecter(page, "coordination@demo.example", MOT_DE_PASSE)
    page.goto("/admin/projets/projet/")
    rangee = page.locator(f"#result_list tr:has-text('{numero}')")
    rangee.locator("th a").click()
    expect(page.locator(".place .rang")).to_contain_text(" de ")
    with page.expect_response(lambda r: "/apercu/" in r.url) as reponse:
        page.locator(".pieces-lues a:has-text('Lire à côté')").first.click()
    assert reponse.value.status == 200
    assert reponse.value.headers["x-frame-options"] == "SAMEORIGIN"
    cadre = page.locator("iframe.cadre-document")
    expect(cadre).to_be_visible()
    texte, volet = page.locator(".dossier > div").bounding_box(), page.locator("#document").bounding_box()
    assert volet["x"] >= texte["x"] + texte["width"], "à droite du texte"
    page.locator("#document a:has-text('salle.png')").click()
    image = page.locator("#document img")
    expect(image).to_be_visible()
    assert image.evaluate("i => i.naturalWidth") == 900
    expect(page.locator(".place .rang")).to_contain_text(" de ")
    page.locator("#document a:has-text('Fermer')").click()
    expect(page.locator("#document")).to_have_count(0)
    page.set_viewport_size({"width": 320, "height": 900})
    page.locator(".pieces-lues a:has-text('Lire à côté')").first.click()
    texte, volet = page.locator(".dossier > div").bounding_box(), page.locator("#document").bounding_box()
    assert volet["y"] >= texte["y"] + texte["height"], "sous le texte"
    assert not refus, refus


def test_le_lecteur_de_pdf_du_navigateur_s_ouvre_sous_la_csp(chromium: Browser, serveur: Serveur, numero: str) -> None:
    """La CSP du document n'empêche pas le lecteur; la page, elle, reste sous la sienne."""
    page = ouvrir_page(chromium, serveur.adresse)
    refus: list[str] = []
    page.on("console", lambda m: refus.append(m.text) if "Content Security Policy" in m.text else None)
    connecter(page, "coordination@demo.example", MOT_DE_PASSE)
    page.goto("/admin/projets/projet/")
    page.locator(f"#result_list tr:has-text('{numero}') th a").click()
    page.locator(".pieces-lues a:has-text('Lire à côté')").first.click()
    expect(page.locator("iframe.cadre-document")).to_be_visible()
    page.wait_for_timeout(2500)  # le lecteur n'a rien que la page puisse attendre
    if dossier := os.environ.get("CAPTURES"):
        page.screenshot(path=Path(dossier) / "dossier-pdf-csp.png")
    assert len(page.frames) > 1
    assert not refus, refus


def test_axe_du_dossier_et_de_la_liste(chromium: Browser, serveur: Serveur, numero: str) -> None:
    page = ouvrir_page(chromium, serveur.adresse, bypass_csp=True)
    connecter(page, "coordination@demo.example", MOT_DE_PASSE)
    page.goto("/admin/projets/projet/")
    trouvees = examiner(page, "liste-cartes")
    page.locator(f"#result_list tr:has-text('{numero}') th a").click()
    trouvees += examiner(page, "dossier-place")
    page.locator(".pieces-lues a:has-text('Lire à côté')").last.click()
    trouvees += examiner(page, "dossier-image")
    page.locator("#document li a").first.click()
    trouvees += examiner(page, "dossier-pdf")
    page.goto("/admin/")
    trouvees += examiner(page, "accueil-semaine")
    page.goto("/admin/appels/appel/")
    page.locator("th a:has-text('02-2024-1')").first.click()
    trouvees += examiner(page, "appel-zip")
    assert not trouvees, "\n".join(trouvees)


def test_axe_de_la_presidence(chromium: Browser, serveur: Serveur) -> None:
    page = ouvrir_page(chromium, serveur.adresse, bypass_csp=True)
    connecter(page, "evaluation2@demo.example", MOT_DE_PASSE)
    page.goto("/comite/")
    trouvees = examiner(page, "comite-presidees")
    page.locator(".presidees a").first.click()
    trouvees += examiner(page, "presidence-tableau")
    assert not trouvees, "\n".join(trouvees)
