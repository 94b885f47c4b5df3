"""Réglages des essais : vraies bases, vrais services, empreinte de mot de passe légère."""

import tempfile
from pathlib import Path

from config.settings.base import *

SECRET_KEY = "cle-des-essais-seulement"  # noqa: S105
DEMONSTRATION = True
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="portail-essais-"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CACHES = {
    **CACHES,
    # Un essai lit l'effet de ce qu'il vient de faire; tests/socle/test_garde.py éprouve la garde elle-même.
    "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
