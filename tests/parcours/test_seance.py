"""La coordination tient une séance au clavier, sans JavaScript : présences, ouverture, tableau, scénario, comparaison, levée."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.outils.axe import examiner
from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("seance")]
MOT_DE_PASSE = "solidarite-demo-02"
PREMIER = "#result_list tbody th a"


def ouvrir_acte(page: Page, acte: str) -> None:
    page.goto("/admin/comite/seance/?q=Salle")
    page.locator(PREMIER).first.click()
    page.locator(f"aside a:has-text('{acte}')").first.click()


def test_une_seance_au_clavier_sans_javascript(chromium: Browser, serveur: Serveur) -> None:
    page = ouvrir_page(chromium, serveur.adresse, java_script_enabled=False)
    connecter(page, "coordination@demo.example", MOT_DE_PASSE)
    ouvrir_acte(page, "Présences")
    for choix in page.locator("input[value=present]").all():
        choix.check()
    page.locator("#content button[type=submit]").click()
    ouvrir_acte(page, "Ouvrir")
    page.locator("#content button[type=submit]").click()
    expect(page.locator(".messagelist").first).to_contain_text("La séance est ouverte")
    ouvrir_acte(page, "Tableau")
    ligne = page.locator("tr:has-text('MC-0002')")
    ligne.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")  # d'un choix au suivant, comme partout
    expect(ligne.get_by_label("En partie")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("100 000,25")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist").first).to_contain_text("est enregistré; il n’adopte rien")
    territoire = page.locator("details:has-text('Maria-Chapdelaine')")
    expect(territoire.locator("summary")).to_contain_text("100\u00a0000")
    expect(territoire).to_contain_text("26\u00a0496,75")


def test_les_ecrans_de_la_seance_tenue(chromium: Browser, serveur: Serveur) -> None:
    page = ouvrir_page(chromium, serveur.adresse, bypass_csp=True)
    connecter(page, "coordination@demo.example", MOT_DE_PASSE)
    trouvees = []
    for acte in ("Tableau", "Comparer", "Retenir", "Présences"):
        if acte == "Présences":
            ouvrir_acte(page, acte)
        else:
            page.goto("/admin/comite/seance/?etat__exact=levee")
            page.locator(PREMIER).first.click()
            if acte == "Tableau":
                trouvees += examiner(page, "seance-lecture")
            page.locator(f"aside a:has-text('{acte}')").first.click()
        trouvees += examiner(page, f"seance-{acte}")
    ouvrir_acte(page, "Tableau")
    page.goto(f"{page.url}?element=nouveau")
    for cle, choix, montant in (("CH-0001", "Accepter", ""), ("MC-0002", "En partie", "999 999")):
        ligne = page.locator(f"tr:has-text('{cle}')")
        ligne.get_by_label(choix, exact=True).check()
        ligne.locator("input[type=text]").fill(montant)
    page.locator("button[name=enregistrer]").click()
    expect(page.locator("[data-sommaire-erreurs]")).to_contain_text("en partie, inscrivez un montant moindre")
    trouvees += examiner(page, "seance-tableau-erreur")
    assert not trouvees, "\n".join(trouvees)
