"""axe dans une page : violations WCAG 2.2 AA et débordement, en phrases; capture de la page à la demande."""

import os
from pathlib import Path

from playwright.sync_api import Page

from outillage.chemins import FRONT

AXE = FRONT / "essais" / "axe.min.js"
REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Toutes les règles jouent; seules les violations se détaillent : décrire ce qui passe est long et ne sert pas ici.
JOUER = """regles => axe.run(document, {runOnly: {type: 'tag', values: regles}, resultTypes: ['violations']})
    .then(resultat => resultat.violations)"""
ETROIT = {"width": 320, "height": 900}


def fautes(page: Page) -> list[str]:
    """Les violations de la page, et ce qui en déborde. Exige un contexte ouvert avec `bypass_csp`."""
    page.wait_for_load_state()
    page.wait_for_selector("main", state="attached")  # une page qui arrive à peine n'a pas encore où recevoir le script
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=str(AXE))
    violations = page.evaluate(JOUER, REGLES)
    trouvees = [
        f"{page.url} {violation['id']} {noeud['html'][:160]}"
        for violation in violations
        for noeud in violation["nodes"][:3]
    ]
    deborde = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if deborde > 1:
        trouvees.append(f"{page.url} déborde de {deborde} px à {page.viewport_size['width']}")
    return trouvees


def examiner(page: Page, nom: str) -> list[str]:
    """`fautes` à la largeur de la page puis à 320 px; CAPTURES=dossier garde aussi les images, à regarder."""
    large = page.viewport_size
    trouvees = []
    for taille in (large, ETROIT):
        page.set_viewport_size(taille)
        trouvees += fautes(page)
        if dossier := os.environ.get("CAPTURES"):
            page.screenshot(path=Path(dossier) / f"{nom}-{taille['width']}.png", full_page=True)
    page.set_viewport_size(large)
    return trouvees
