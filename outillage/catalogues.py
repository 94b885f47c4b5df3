"""Compile locale/**/django.po en .mo, sans les outils gettext du système."""

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from outillage.chemins import RACINE


def compiler() -> None:
    for source in (RACINE / "locale").rglob("*.po"):
        cible = source.with_suffix(".mo")
        if not cible.exists() or cible.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as lu, cible.open("wb") as ecrit:
                write_mo(ecrit, read_po(lu))
