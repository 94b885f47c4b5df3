"""Assemblage du portail : réglages, adresses, Celery, WSGI."""

from config.celery import application as celery_app

__all__ = ["celery_app"]
