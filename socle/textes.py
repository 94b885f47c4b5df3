"""Textes collés ou tapés : nettoyés sans rien perdre de lisible, comptés comme un traitement de texte les compte."""

import re
import unicodedata

SAUTS = re.compile(r"\r\n?|\x0b|\u2028|\u2029")
# Ni tabulation ni saut de ligne : le reste des commandes, les espaces de largeur nulle, la marque d'ordre, les renvois de champ.
INVISIBLES = re.compile(
    r"[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffc]"
)


def nettoyer(texte: str) -> str:
    """Saut de page ou de ligne du traitement de texte → saut de ligne; caractères invisibles retirés; accents composés."""
    return unicodedata.normalize("NFC", INVISIBLES.sub("", SAUTS.sub("\n", texte)))


def caracteres(texte: str) -> int:
    """Caractères, espaces comprises, sans les sauts de ligne; un caractère hors du plan de base en compte deux."""
    return len(nettoyer(texte).replace("\n", "").encode("utf-16-le")) // 2


def mots(texte: str) -> int:
    """Suites de signes séparées par une espace, une tabulation ou un saut de ligne, espace insécable comprise."""
    return len(texte.split())


COMPTEURS = {"caracteres": caracteres, "mots": mots}
