"""Le brouillon qu'on ne perd pas, dans un vrai navigateur : champ par champ, en panne, session expirée, à deux."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.outils.axe import examiner
from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("brouillon")]
PHRASE = "solidarite-demo-02"
FAIT, PANNE = re.compile("Enregistré à"), re.compile("Pas encore enregistré")


@pytest.fixture
def page(chromium: Browser, serveur: Serveur) -> Page:
    return ouvrir(chromium, serveur)


def ouvrir(chromium: Browser, serveur: Serveur, section: str = "Projet") -> Page:
    page = connecter(ouvrir_page(chromium, serveur.adresse, bypass_csp=True), "organismes@demo.example", PHRASE)
    page.goto("/projets/")
    page.locator(".carte h3 a").first.click()
    page.locator("ol.taches a", has_text=section).first.click()
    page.wait_for_selector("[data-etat]")
    return page


def etat(page: Page):
    return page.locator("[data-etat]")


def test_ce_qu_on_ecrit_s_enregistre_tout_seul(page: Page) -> None:
    page.fill("#id_objectifs", "Trois objectifs mesurables.")
    expect(etat(page)).to_have_text(FAIT)
    page.reload()
    assert page.input_value("#id_objectifs") == "Trois objectifs mesurables."
    page.fill("#id_resume_public", "a" * 603 + "\n\n")
    assert page.inner_text("[data-champ=resume_public] [data-compteur]").startswith("603 sur 600"), (
        "les sauts ne comptent pas"
    )
    expect(etat(page)).to_have_text(FAIT)
    assert not examiner(page, "compteur-depasse")


def test_une_panne_garde_les_mots_et_reessaie(page: Page) -> None:
    page.context.set_offline(True)
    page.fill("#id_ancrage", "Écrit pendant la panne.")
    expect(etat(page)).to_have_text(PANNE)
    assert not examiner(page, "panne")
    page.context.set_offline(False)
    expect(etat(page)).to_have_text(FAIT)
    page.reload()
    assert page.input_value("#id_ancrage") == "Écrit pendant la panne."


def test_une_page_fermee_en_panne_rend_ses_mots(page: Page) -> None:
    """Le réseau tombe, la page se recharge au retour : l'onglet rend ce qu'il gardait, et l'enregistre."""
    page.route("**/champ/", lambda envoi: envoi.abort())
    page.fill("#id_partenaires", "La Coop du milieu.")
    expect(etat(page)).to_have_text(PANNE)
    page.on("dialog", lambda boite: boite.accept())
    page.unroute("**/champ/")
    page.reload()
    assert page.input_value("#id_partenaires") == "La Coop du milieu."
    expect(etat(page)).to_have_text(FAIT)


def test_une_session_expiree_revient_au_meme_champ(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")
    page.fill("#id_besoin", "Écrit alors que la session était finie.")
    expect(etat(page)).to_contain_text("Votre session a expiré")
    page.on("dialog", lambda boite: boite.accept())
    page.click("text=Se reconnecter et reprendre ici")
    page.fill("input[name=login]", "organismes@demo.example")
    page.fill("input[name=password]", PHRASE)
    page.click("main button[type=submit]")
    expect(page.locator("#id_besoin")).to_have_value("Écrit alors que la session était finie.")
    expect(page.locator("#id_besoin")).to_be_focused()
    expect(etat(page)).to_have_text(FAIT)


def test_deux_personnes_voient_leurs_deux_textes(chromium: Browser, serveur: Serveur, page: Page) -> None:
    autre = ouvrir(chromium, serveur)
    page.fill("#id_perennite", "Le texte de la première.")
    expect(etat(page)).to_have_text(FAIT)
    autre.fill("#id_perennite", "Le texte de la seconde.")
    conflit = autre.locator("[data-champ=perennite] .conflit")
    expect(conflit).to_contain_text("Le texte de la première.")
    assert autre.input_value("#id_perennite") == "Le texte de la seconde."
    assert not examiner(autre, "conflit")
    conflit.get_by_text("Garder le mien").click()
    expect(etat(autre)).to_have_text(FAIT)
    page.reload()
    assert page.input_value("#id_perennite") == "Le texte de la seconde."


def test_le_budget_se_tient_au_clavier(chromium: Browser, serveur: Serveur) -> None:
    page = ouvrir(chromium, serveur, "Budget")
    rangees = page.locator("[data-champ=depenses] tbody tr")
    avant = rangees.count()
    derniere = page.locator("[data-champ=depenses] [name$=-montant]").last
    derniere.focus()
    page.keyboard.press("Enter")
    assert rangees.count() == avant + 1, "Entrée, à la dernière rangée, en ajoute une"
    page.locator("[data-champ=depenses] [name$=-categorie]").last.select_option("materiel")
    neuf = page.locator("[data-champ=depenses] [name$=-montant]").last
    neuf.fill("douze")
    expect(etat(page)).to_contain_text("Gardé tel quel, mais à corriger")
    assert not examiner(page, "budget-illisible")
    neuf.fill("1 250,50 $")
    expect(etat(page)).to_have_text(FAIT)
    expect(page.locator("[data-volet]")).to_contain_text("écart de 1")
    page.locator("[data-champ=depenses] [name$=-DELETE]:visible").last.check()
    expect(page.locator("[data-volet]")).to_contain_text("budget équilibré")
    page.reload()
    assert "1 250,50" not in page.inner_text("main")


def test_une_question_suit_la_reponse_d_une_autre(chromium: Browser, serveur: Serveur) -> None:
    page = ouvrir(chromium, serveur, "Votre milieu")
    suite = page.locator("[data-champ=apport_neuf]")
    expect(suite).to_be_hidden()
    page.select_option("#id_suite_d_un_projet", "oui")
    expect(suite).to_be_visible()
    page.fill("#id_apport_neuf", "deux mots\u00a0ici")
    assert suite.locator("[data-compteur]").inner_text().startswith("3 sur 150 mots")
    expect(etat(page)).to_have_text(FAIT)
    assert not examiner(page, "conditionnelle")
