from django.apps import AppConfig


class RedditionConfig(AppConfig):
    name = "reddition"
    verbose_name = "Reddition de comptes"
