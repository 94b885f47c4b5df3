"""Réglages d'un portail servi par de vrais processus pendant les essais : ceux des essais, fichiers à l'endroit dit."""

from config.settings import base
from config.settings.base import env
from config.settings.essais import *

MEDIA_ROOT = Path(env.str("FICHIERS"))
CELERY_BEAT_SCHEDULE_FILENAME = f"{env.str('DONNEES_BATTEMENT')}/battement"
if env.bool("PAGES_GARDEES", default=False):  # le banc de débit sert comme en production
    CACHES = base.CACHES
