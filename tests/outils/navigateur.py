"""Chromium par Playwright, sans réseau de fond."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@contextmanager
def ouvrir_chromium() -> Iterator[Browser]:
    chemin = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chemin, args=OPTIONS)
        yield navigateur
        navigateur.close()


def ouvrir_page(navigateur: Browser, adresse: str, *, largeur: int = 1280, **options: object) -> Page:
    """Une page neuve, sans témoin, à la largeur donnée."""
    contexte = navigateur.new_context(
        base_url=adresse, locale="fr-CA", viewport={"width": largeur, "height": 900}, **options
    )
    contexte.set_default_timeout(15_000)
    return contexte.new_page()


def connecter(page: Page, email: str, mot_de_passe: str) -> Page:
    """Ouvre une session par l'écran de connexion."""
    page.goto("/compte/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", mot_de_passe)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/compte/login" not in url)
    return page
