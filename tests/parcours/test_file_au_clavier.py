"""La file de travail dans un vrai navigateur : chercher d'une touche, un lot du menu au bilan, l'examen d'un dossier."""

import os

import pytest
from playwright.sync_api import Browser, Page

from tests.outils.axe import fautes
from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("axe")]
LISTE = "/admin/projets/projet/"


def _page(chromium: Browser, serveur: Serveur, largeur: int, theme: str, **options: object) -> Page:
    page = ouvrir_page(chromium, serveur.adresse, largeur=largeur, bypass_csp=True, color_scheme=theme, **options)
    return connecter(page, "coordination@demo.example", "solidarite-demo-02")


def _capturer(page: Page, nom: str, largeur: int, theme: str) -> None:
    if dossier := os.environ.get("CAPTURES"):
        page.screenshot(path=f"{dossier}/{nom}-{largeur}-{theme}.png", full_page=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("largeur", [1280, 320])
def test_un_lot_du_menu_au_bilan(chromium: Browser, serveur: Serveur, largeur: int, theme: str) -> None:
    """Cocher, choisir l'action, lire ce qui changera, confirmer, lire le bilan; axe à chaque page."""
    page = _page(chromium, serveur, largeur, theme)
    trouvees: list[str] = []
    for nom, adresse in (("accueil", "/admin/"), ("liste", LISTE), ("vide", f"{LISTE}?q=zzzz")):
        page.goto(adresse)
        _capturer(page, nom, largeur, theme)
    page.goto(f"{LISTE}?q=02-2024")
    for case in page.locator("input.action-select").all()[:5]:
        case.check()
    page.select_option("select[name=action]", "confier")
    page.click("button[name=index]")
    page.wait_for_load_state()
    assert "Confier 5" in page.inner_text("button.bouton")
    trouvees += fautes(page)
    _capturer(page, "lot", largeur, theme)
    page.click("form.acte button.bouton")
    page.wait_for_load_state()
    assert "Terminé" in page.inner_text("#travail")
    trouvees += fautes(page)
    _capturer(page, "bilan", largeur, theme)
    assert not trouvees, "\n".join(trouvees)


def test_ctrl_k_cherche_de_partout(chromium: Browser, serveur: Serveur) -> None:
    page = _page(chromium, serveur, 1280, "light")
    page.goto("/admin/alliances/entente/")
    page.keyboard.press("Control+k")
    page.keyboard.type("02-2024-1-jq-0003")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    assert "02-2024-1-JQ-0003" in page.title()


@pytest.mark.parametrize("largeur", [1280, 320])
def test_examiner_puis_defaire(chromium: Browser, serveur: Serveur, largeur: int) -> None:
    """Sans JavaScript : le sommaire d'erreurs, le verdict, puis l'acte qui le défait; axe à chaque page."""
    page = _page(chromium, serveur, largeur, "light", java_script_enabled=False)
    avec = _page(chromium, serveur, largeur, "light")
    page.goto(f"{LISTE}?etat__exact=depose")
    page.locator("#result_list tbody th a").first.click()
    dossier = page.url
    page.locator("aside a:has-text('Examiner')").click()
    examen = page.url
    page.click("button.bouton")
    assert "Il y a un problème" in page.inner_text("#content")
    for groupe in page.locator("fieldset.point").all():
        groupe.locator("input[value=verifie]").check()
    page.click("button.bouton")
    assert "Admissible" in page.inner_text(".chapeau")
    avec.goto(examen)
    trouvees = fautes(avec)
    _capturer(avec, "examen", largeur, "light")
    avec.goto(dossier)
    trouvees += fautes(avec)
    _capturer(avec, "dossier", largeur, "light")
    page.locator("aside a:has-text('Défaire')").click()
    page.fill("#id_motif", "Essai")
    page.click("button.bouton")
    assert "Déposé" in page.inner_text(".chapeau")
    assert "Essai" in page.inner_text("#content")
    assert not trouvees, "\n".join(trouvees)
