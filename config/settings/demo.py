"""Réglages de la démonstration (bin/demo) : services embarqués, adresses locales, aucun HTTPS."""

from config.settings.base import *
from config.settings.base import exiger

SECRET_KEY = exiger("CLE_SECRETE", "elle signe les sessions et les jetons")
DEMONSTRATION = True
ALLOWED_HOSTS = ["*"]
