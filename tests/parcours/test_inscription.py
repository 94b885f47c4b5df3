"""Une personne nouvelle, dans un vrai navigateur : compte, organisme, brouillon, courriel confirmé; sans JavaScript aussi."""

import re
import time
from email import message_from_string, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.outils.axe import examiner
from tests.outils.navigateur import ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("inscription")]
COURRIEL, PHRASE = "nouvelle.personne@organisme.example", "une phrase bien longue à moi"


def lien_de_confirmation(dossier: Path, delai: float = 40) -> str:
    """Le lien du courriel de vérification, dès que le travailleur l'a écrit."""
    limite = time.monotonic() + delai
    while time.monotonic() < limite:
        for fichier in dossier.glob("*") if dossier.is_dir() else ():
            message = message_from_string(fichier.read_text(), policy=policy.default)
            corps = message.get_body(("plain",))
            trouve = re.search(r"https?://\S+/compte/confirm-email/\S+", corps.get_content() if corps else "")
            if message["To"] == COURRIEL and trouve:
                return trouve[0]
        time.sleep(0.2)
    raise AssertionError("le courriel de vérification n'est pas venu")


def test_du_compte_au_brouillon(chromium: Browser, serveur: Serveur) -> None:
    for nom in ("travailleur", "relais"):
        serveur.lancer(nom)
    page = ouvrir_page(chromium, serveur.adresse, bypass_csp=True)
    page.goto("/compte/signup/")
    page.fill("#id_nom", "Nouvelle personne")
    page.fill("#id_email", COURRIEL)
    page.fill("#id_password1", "trop court")
    page.fill("#id_password2", "trop court")
    page.click("button:has-text('Créer mon compte')")
    assert "15 caractères" in page.inner_text("[data-sommaire-erreurs]")
    assert page.input_value("#id_email") == COURRIEL, "ce qui est écrit reste"
    fautes = examiner(page, "inscription-erreur")
    page.fill("#id_password1", PHRASE)
    page.fill("#id_password2", PHRASE)
    page.click("button:has-text('Créer mon compte')")
    page.wait_for_url("**/projets/")
    fautes += examiner(page, "inscription-vide")
    page.click("text=Inscrire un organisme")
    page.fill("#id_nom", "Cuisine collective des Quatre-Vents")
    page.select_option("#id_forme", "obnl")
    page.fill("#id_neq", "12 345")
    page.select_option("#id_region", label="Saguenay–Lac-Saint-Jean")
    page.click("button:has-text('Inscrire l’organisme')")
    assert "n’est pas un NEQ" in page.inner_text("[data-sommaire-erreurs]")
    fautes += examiner(page, "organisme-erreur")
    page.fill("#id_neq", "11 7000 0001")
    page.click("button:has-text('Inscrire l’organisme')")
    page.goto("/projets/nouveau/02-2024-1/")
    page.fill("#id_titre", "Cuisiner ensemble")
    page.click("button:has-text('Commencer la demande')")
    assert page.inner_text("h1") == "Cuisiner ensemble", "le courriel pas encore confirmé n'empêche pas de travailler"
    page.goto(lien_de_confirmation(serveur.courriels))
    fautes += examiner(page, "confirmer-courriel")
    page.click("button:has-text('Oui, confirmer')")
    assert "confirm" in page.inner_text("main").lower()
    assert not fautes, "\n".join(fautes)


def test_le_brouillon_se_remplit_sans_javascript(chromium: Browser, serveur: Serveur) -> None:
    page = ouvrir_page(chromium, serveur.adresse, java_script_enabled=False)
    page.goto("/compte/login/")
    page.fill("input[name=login]", "organismes@demo.example")
    page.fill("input[name=password]", "solidarite-demo-02")
    page.click("main button[type=submit]")
    page.goto("/projets/")
    page.locator(".carte h3 a").first.click()
    page.click("ol.taches a:has-text('Budget')")
    montant = page.locator("[id^=id_depenses-][id$=-montant]").last
    montant.fill("1 000,00")
    page.locator("[id^=id_depenses-][id$=-categorie]").last.select_option("materiel")
    page.click("button:has-text('Enregistrer et rester')")
    assert "écart de 1 000,00 $" in page.inner_text("aside").replace("\u00a0", " "), "le calcul suit, sans script"
    page.click("text=Revenir sans enregistrer")
    page.click("a.btn-primary")
    assert "Budget non équilibré : écart de 1 000,00 $" in page.inner_text("main").replace("\u00a0", " ")
