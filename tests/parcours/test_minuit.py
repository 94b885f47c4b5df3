"""Minuit moins neuf : 5 000 $ de trop, une lettre absente, une signataire absente; déposé, reçu, le reste suit.

Au clavier seulement, avec et sans JavaScript, large et étroit.
"""

import pytest
from playwright.sync_api import Browser, Page

from portail.demonstration.minuit import TITRE
from tests.outils.axe import examiner
from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("minuit")]
PHRASE = "solidarite-demo-02"
TOUCHES_MAX = 120


def atteindre(page: Page, selecteur: str) -> None:
    """Va au premier élément qui répond à `selecteur`, par la touche Tab seulement."""
    cible = page.locator(selecteur).first.element_handle()
    for _touche in range(TOUCHES_MAX):
        if cible.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"le clavier n'atteint pas {selecteur}")


def ouvrir_au_clavier(page: Page, selecteur: str) -> None:
    atteindre(page, selecteur)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False], ids=["avec-script", "sans-script"])
@pytest.mark.parametrize("largeur", [1280, 320])
def test_minuit_moins_neuf(chromium: Browser, serveur: Serveur, script: bool, largeur: int) -> None:
    pret = serveur.gerer("depot_de_minuit")
    assert pret.returncode == 0, pret.stderr
    page = ouvrir_page(chromium, serveur.adresse, largeur=largeur, java_script_enabled=script, bypass_csp=script)
    connecter(page, "promoteur@demo.example", PHRASE)
    page.goto("/projets/")
    ouvrir_au_clavier(page, f"a:has-text('{TITRE}')")
    assert page.inner_text("h1") == TITRE
    fautes = examiner(page, "minuit-taches") if script else []
    ouvrir_au_clavier(page, ".taches a:has-text('Relire et déposer')")
    lu = page.inner_text("main").replace("\u00a0", " ").replace("\u202f", " ")
    assert "Cumul des aides publiques : 5 000,00 $ de trop" in lu
    assert "Lettres d’appui" in lu
    assert "Répondre à ce qui bloque" not in lu, "rien ne bloque : l'argent avertit, la lettre suit"
    ouvrir_au_clavier(page, "form.carte button[type=submit]")
    assert "Cochez l’attestation pour déposer" in page.inner_text("[data-sommaire-erreurs]")
    fautes += examiner(page, "minuit-erreur") if script else []
    atteindre(page, "#id_attestation")
    page.keyboard.press("Space")
    ouvrir_au_clavier(page, "form.carte button[type=submit]")
    recu = page.inner_text("main").replace("\u00a0", " ")
    assert "Déposé – accusé de réception" in recu
    assert "02-2024-8-CH-000" in recu
    assert "Attendue avant le" in recu, "la signature peut suivre"
    assert "Lettres d’appui" in recu
    fautes += examiner(page, "minuit-accuse") if script else []
    debord = page.evaluate("document.documentElement.scrollWidth - innerWidth") if script else 0
    assert debord <= 0
    assert not fautes, "\n".join(fautes)
    page.context.close()
