"""Dans un vrai navigateur : l'envoi d'un fichier montre sa progression, ses refus, et marche sans JavaScript."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur
from tests.socle.test_fichiers import pdf

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("pieces")]
BROUILLON = ".carte h3 a"


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("largeur", [1280, 320])
def test_joindre_refuser_reutiliser(
    chromium: Browser, serveur: Serveur, tmp_path: Path, javascript: bool, largeur: int
) -> None:
    nom = f"lettre-{javascript}-{largeur}.pdf"
    (tmp_path / nom).write_bytes(pdf())
    (tmp_path / "programme.exe").write_bytes(b"MZ")
    page = ouvrir_page(chromium, serveur.adresse, largeur=largeur, java_script_enabled=javascript)
    refus: list[str] = []
    page.on("console", lambda m: refus.append(m.text) if "Content Security Policy" in m.text else None)
    connecter(page, "organismes@demo.example", "solidarite-demo-02")
    page.locator(BROUILLON).first.click()
    page.locator("ol.taches a:has-text('Pièces')").click()
    libre = page.locator("section.carte").last
    libre.locator("input[type=file]").set_input_files(tmp_path / "programme.exe")
    libre.locator("button:has-text('Joindre')").first.click()
    expect(page.locator("main")).to_contain_text("n’est pas d’un type accepté")
    libre = page.locator("section.carte").last
    libre.locator("input[type=file]").set_input_files(tmp_path / nom)
    libre.locator("button:has-text('Joindre')").first.click()
    expect(page.locator(".avis.reussite")).to_contain_text(nom)
    expect(page.locator(".pieces")).to_contain_text(nom)
    page.locator(f".pieces li:has-text('{nom}') a:has-text('Garder')").click()
    page.select_option("select[name=genre]", "autre")
    page.fill("input[name=titre]", nom)
    page.fill("input[name=date_document]", "2026-01-15")
    page.locator("main button[type=submit]").first.click()
    libre = page.locator("section.carte").last
    libre.locator("summary").click()
    libre.locator("select").select_option(value=libre.locator(f"option:has-text('{nom}')").get_attribute("value"))
    libre.locator("button:has-text('Joindre ce document')").click()
    expect(page.locator(f".pieces li:has-text('{nom}')")).to_have_count(2)
    assert not refus
