"""Code QR en un seul chemin SVG, zone blanche comprise."""

import segno


def chemin_svg(texte: str) -> dict[str, str | int]:
    """`chemin` (attribut d) et `cote` (modules, marge de quatre comprise)."""
    code = segno.make(texte, error="m")
    marge = 4
    morceaux = []
    for y, rangee in enumerate(code.matrix):
        x = 0
        while x < len(rangee):
            fin = x
            while fin < len(rangee) and rangee[fin]:
                fin += 1
            if fin > x:
                morceaux.append(f"M{x + marge} {y + marge}h{fin - x}v1h-{fin - x}z")
            x = fin + 1
    return {"chemin": "".join(morceaux), "cote": len(code.matrix) + 2 * marge}
