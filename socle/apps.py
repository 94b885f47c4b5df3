"""Démarrage du socle : charge de chaque app les modules qui s'enregistrent auprès de lui."""

from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules

from socle.controles_demarrage import controler_acces


class SocleConfig(AppConfig):
    name = "socle"
    verbose_name = "Socle"

    def ready(self) -> None:
        checks.register(controler_acces)
        autodiscover_modules("permissions", "productions", "acces_fichiers", "integrite", "ecoutes")
