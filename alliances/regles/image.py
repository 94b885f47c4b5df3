"""L'image d'un mandataire : une couleur d'en-tête qui se lit (WCAG 1.4.3 et 1.4.11), et sa feuille CSS."""

import re

COULEUR = re.compile(r"#[0-9a-f]{6}")
BLANC = "#ffffff"
FOND_SOMBRE = "#121a25"  # le fond de page du thème sombre (front/sources/_variables.scss)
TEXTE_MIN, FORME_MIN = 4.5, 3.0


def contraste(une: str, autre: str) -> float:
    """Rapport de contraste WCAG entre deux couleurs `#rrvvbb`, de 1 à 21."""
    claire, foncee = sorted((_luminance(une), _luminance(autre)), reverse=True)
    return (claire + 0.05) / (foncee + 0.05)


def _luminance(couleur: str) -> float:
    canaux = (int(couleur[rang : rang + 2], 16) / 255 for rang in (1, 3, 5))
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux]  # noqa: PLR2004 — sRVB
    return sum(poids * c for poids, c in zip((0.2126, 0.7152, 0.0722), lineaires, strict=True))


def lisible(couleur: str) -> bool:
    """Le texte blanc de l'en-tête s'y lit : contraste d'au moins 4,5 pour 1."""
    return bool(COULEUR.fullmatch(couleur)) and contraste(couleur, BLANC) >= TEXTE_MIN


def lisible_en_sombre(couleur: str) -> bool:
    """S'y lit, et se détache du fond sombre (3 pour 1) : sinon l'en-tête sombre du portail reste."""
    return lisible(couleur) and contraste(couleur, FOND_SOMBRE) >= FORME_MIN


def feuille(couleur: str) -> str:
    """La feuille CSS de cette couleur d'en-tête; vide si elle ne se lit pas. Rien d'autre qu'une couleur n'y entre."""
    if not lisible(couleur):
        return ""
    regle = f":root {{ --bandeau: {couleur}; }}"
    return regle if lisible_en_sombre(couleur) else f"@media not (prefers-color-scheme: dark) {{ {regle} }}"
