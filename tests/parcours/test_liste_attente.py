"""La liste d'attente au navigateur : la coordination voit qu'un solde suffit, prépare l'octroi; le secrétariat consigne; la demande en sort."""

import pytest
from playwright.sync_api import Browser, expect

from tests.outils.axe import examiner
from tests.outils.http import MOT_DE_PASSE
from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("liste_attente")]
PAGE, TITRE = "/admin/projets/projet/liste-attente/", "Un solde s’est libéré"


def test_de_la_file_a_la_resolution(chromium: Browser, serveur: Serveur) -> None:
    page = ouvrir_page(chromium, serveur.adresse, bypass_csp=True)
    connecter(page, "coordination@demo.example", MOT_DE_PASSE)
    page.goto("/admin/")
    file = page.locator("section.file", has_text=TITRE)
    expect(file).to_contain_text("22\u00a0500,00\u00a0$")
    trouvees = examiner(page, "attente-accueil")
    file.locator("a.bouton").click()
    expect(page.locator("h1").last).to_have_text("Liste d’attente")
    expect(page.locator("section", has_text="Maria-Chapdelaine")).to_contain_text("il manque 13\u00a0503,50\u00a0$")
    trouvees += examiner(page, "attente-liste")
    page.locator("tr:has-text('22\u00a0500,00') a:has-text('Préparer la décision')").click()
    expect(page.locator("input[name=montant_1]")).to_have_value("22\u00a0500,00")
    page.locator("#content button[type=submit]").click()
    expect(page.locator(".messagelist").first).to_contain_text("La décision est préparée")
    page.goto(PAGE)
    expect(page.locator("section", has_text="22\u00a0500,00").first).to_contain_text("Déjà proposée à l’instance")
    trouvees += examiner(page, "attente-preparee")
    page.goto("/admin/")
    expect(page.locator("section.file", has_text=TITRE)).to_have_count(0)

    autre = ouvrir_page(chromium, serveur.adresse, bypass_csp=True)
    connecter(autre, "secretariat@demo.example", MOT_DE_PASSE)
    autre.goto(PAGE)
    trouvees += examiner(autre, "attente-secretariat")
    autre.locator(
        "main a:has-text('Consigner une résolution'), #content a:has-text('Consigner une résolution')"
    ).first.click()
    for case in autre.locator("input[name=preparees]").all():
        case.uncheck()
    autre.locator("tr:has-text('22\u00a0500,00') input[name=preparees]").check()
    autre.fill("input[name=resolution]", "CA-SERVIE")
    autre.locator("#content button[type=submit]").click()
    expect(autre.locator(".messagelist").first).to_contain_text("La résolution est consignée")
    page.goto(PAGE)
    expect(page.locator("#content")).not_to_contain_text("22\u00a0500,00")
    assert not trouvees, "\n".join(trouvees)
    assert serveur.gerer("verifier_integrite").returncode == 0
