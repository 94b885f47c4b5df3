"""Un membre, au téléphone et sans JavaScript : son lien, ses notes en mots, sa remise; la coordination suit l'avancement et remplace."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("comite")]
MOT_DE_PASSE = "solidarite-demo-02"
TRAVAIL, APPEL = "/admin/comite/comiteappel/", "th a:has-text('02-2024-1')"


def suivre(page: Page, adresse: str, *liens: str) -> None:
    page.goto(adresse)
    for lien in liens:
        page.locator(lien).first.click()
        page.wait_for_load_state()


def test_un_membre_note_sans_javascript_a_320_pixels(chromium: Browser, serveur: Serveur) -> None:
    page = ouvrir_page(chromium, serveur.adresse, largeur=320, java_script_enabled=False)
    connecter(page, "evaluation1@demo.example", MOT_DE_PASSE)
    suivre(page, "/comite/", "ul.taches a")
    expect(page.locator("h1")).to_have_text("Votre lien avec l’organisme")
    page.check("input[value=aucun]")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("heading", name="Votre avis")).to_be_visible()
    for rang, mot in enumerate(("Beaucoup", "Assez", "Je ne sais pas")):
        page.locator("fieldset.critere").nth(rang).get_by_label(mot, exact=True).check()
    page.locator("button:has-text('Enregistrer sans soumettre')").click()
    expect(page.locator("main [role=status]").first).to_contain_text("pas encore soumises")
    assert page.locator("fieldset.critere").nth(0).get_by_label("Beaucoup", exact=True).is_checked()
    page.locator("button[name=soumettre]").click()
    expect(page.locator("main [role=status]").first).to_contain_text("Votre évaluation est soumise")
    page.goto("/comite/")
    # 15/15 et 33/50, le troisième critère retiré, les poids ramenés à 65 : (15 + 33) ÷ 65
    expect(page.locator("main")).to_contain_text("73,85 / 100")
    assert not page.locator("body").evaluate("b => b.scrollWidth > 320")


def test_la_coordination_suit_puis_remplace_en_deux_clics(chromium: Browser, serveur: Serveur) -> None:
    page = ouvrir_page(chromium, serveur.adresse)
    connecter(page, "coordination@demo.example", MOT_DE_PASSE)
    suivre(page, TRAVAIL, APPEL, "aside a:has-text('Partager')")
    expect(page.locator("[role=status]").first).to_contain_text("Rien n’est encore fait")
    page.locator("button:has-text('Confier ainsi')").click()
    expect(page.locator("ul.messagelist, .messagelist").first).to_contain_text("Les demandes sont confiées")
    suivre(
        page, "/admin/projets/evaluation/?remise=attendue", "#result_list tbody th a", "aside a:has-text('Relancer')"
    )
    page.locator("button:has-text('Envoyer la relance')").click()
    expect(page.locator(".messagelist").first).to_contain_text("La relance est dans la boîte d’envoi")
    page.locator("aside a:has-text('Remplacer')").click()
    expect(page.locator("main, #content").first).to_contain_text(
        "Aucune autre personne du comité ne peut recevoir cette demande"
    )
