"""Celery : une application, réglée par Django, sans mémoire propre.

Redis n'est qu'un courtier : l'état d'un travail vit dans PostgreSQL (boîte d'envoi), jamais ici.
"""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

application = Celery("portail")
application.config_from_object("django.conf:settings", namespace="CELERY")
application.autodiscover_tasks()


@setup_logging.connect
def garder_les_journaux_de_django(**_):
    """Celery remplacerait sinon la configuration des journaux de Django."""
