"""Aucun orphelin : les octets d'un envoi abandonné (transaction défaite, processus tué) s'effacent après un jour."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage

from socle.models import Fichier

DELAI = timedelta(days=1)  # bien plus long qu'une transaction : un envoi en cours n'est pas un orphelin
PREFIXES = [f"{n:02x}" for n in range(256)]


def nettoyer(instant: datetime) -> int:
    """Efface du rangement ce qu'aucune rangée ne nomme, et les morceaux temporaires; rend combien."""
    return sum(_un_dossier(prefixe, instant) for prefixe in PREFIXES) + _temporaires(instant)


def _un_dossier(prefixe: str, instant: datetime) -> int:
    try:
        _dossiers, noms = default_storage.listdir(prefixe)
    except FileNotFoundError:
        return 0
    connus = set(Fichier.objects.filter(contenu__startswith=f"{prefixe}/").values_list("contenu", flat=True))
    efface = 0
    for nom in noms:
        chemin = f"{prefixe}/{nom}"
        if chemin in connus or not _est_uuid(nom):
            continue
        if default_storage.get_modified_time(chemin) < instant - DELAI:
            default_storage.delete(chemin)
            efface += 1
    return efface


def _est_uuid(nom: str) -> bool:
    """Ce que le portail range porte un UUID; le reste n'est pas à nous."""
    try:
        UUID(nom)
    except ValueError:
        return False
    return True


def _temporaires(instant: datetime) -> int:
    """Les fichiers temporaires de Django, qu'un processus tué net n'a pas retirés."""
    dossier = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
    vieux = [f for f in dossier.glob("*.upload*") if f.stat().st_mtime < (instant - DELAI).timestamp()]
    for fichier in vieux:
        fichier.unlink(missing_ok=True)
    return len(vieux)
