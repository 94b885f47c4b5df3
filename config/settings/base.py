"""Réglages communs. Tout ce qui change d'un hôte à l'autre vient des variables d'environnement."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

RACINE = Path(__file__).resolve().parents[2]
env = environ.Env()


def exiger(nom: str, role: str) -> str:
    """La valeur de la variable `nom`; arrête le démarrage en disant laquelle manque et à quoi elle sert."""
    valeur = env.str(nom, default="")
    if not valeur:
        raise ImproperlyConfigured(
            f"Le réglage {nom} manque : {role}. Définissez la variable d'environnement {nom}, puis relancez."
        )
    return valeur


DONNEES = Path(env.str("DONNEES", default=str(RACINE / ".donnees")))
SECRET_KEY = env.str("CLE_SECRETE", default="")
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("HOTES", default=["localhost", "127.0.0.1", "[::1]"])
ADRESSE_PUBLIQUE = env.str("ADRESSE_PUBLIQUE", default="http://127.0.0.1:8000").rstrip("/")
ADRESSE_SONDE = env.str("ADRESSE_SONDE", default=ADRESSE_PUBLIQUE).rstrip(
    "/"
)  # où la sonde des pannes joint le portail
CSRF_TRUSTED_ORIGINS = env.list("ORIGINES", default=[])

INSTALLED_APPS = [
    "config.admin.AdminPortailConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "rules",
    "pgtrigger",
    "pghistory",
    "socle",
    "comptes",
    "alliances",
    "appels",
    "projets",
    "comite",
    "reddition",
    "portail",
]

MIDDLEWARE = [
    "socle.horloge.ArriveeMiddleware",
    "socle.televersements.TailleMiddleware",
    "socle.entrees.OctetNulMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "comite.session_code.SessionCodeMiddleware",
    "socle.indisponibilite.BaseIndisponibleMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portail.contexte.menus",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Base de données : connexions persistantes, délais bornés partout.
# Une page de dossier joint vingt tables par leur clé : l'ordre écrit est le bon, et en chercher un autre prenait 3 ms par page.
REGLAGES_POSTGRES = "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000 -c join_collapse_limit=4"
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgres://portail@127.0.0.1:5432/portail"),
        "CONN_MAX_AGE": env.int("CONNEXION_AGE", default=300),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "options": REGLAGES_POSTGRES, "application_name": "portail"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Les limites d'essais doivent survivre à un redémarrage et valoir pour tous les travailleurs.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "socle_cache"},
    # Les pages publiques, cinq secondes, dans la mémoire de chaque processus (socle/garde.py).
    "pages": {
        "BACKEND": "django.core.cache.backends."
        + ("locmem.LocMemCache" if env.bool("PAGES_GARDEES", default=True) else "dummy.DummyCache"),
        "LOCATION": "pages",
    },
}

# Comptes
AUTH_USER_MODEL = "comptes.Utilisateur"
# Le courriel est unique sans égard à la casse, par une contrainte sur Lower(email) que ce contrôle ne voit pas.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["rules.permissions.ObjectPermissionBackend", "comptes.connexion.ConnexionCourriel"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portail:accueil_personnel"
LOGOUT_REDIRECT_URL = "portail:accueil"
ACCOUNT_ADAPTER = "comptes.connexion.AdaptateurComptes"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "comptes.inscription.IdentiteForm"
ACCOUNT_FORMS = {
    "login": "comptes.formulaires_compte.ConnexionForm",
    "signup": "comptes.formulaires_compte.InscriptionForm",
    "reset_password": "comptes.formulaires_compte.OubliForm",
    "reset_password_from_key": "comptes.formulaires_compte.NouveauMotDePasseForm",
    "change_password": "comptes.formulaires_compte.ChangerMotDePasseForm",
    "add_email": "comptes.formulaires_compte.AjouterCourrielForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "comptes.connexion.JetonsCompte"  # noqa: S105 — un chemin, pas un secret
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"comite_code": "10/m/ip,60/h/ip"}  # les codes imprimés du comité (comite/views/codes.py)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ADRESSE_PUBLIQUE.startswith("https") else "http"

# Valeurs d'avant, sur les tables nommées (socle/historique.py) : ajout seul; la personne vient de la requête qui écrit.
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)
PGHISTORY_APPEND_ONLY = True

# Langue et formats (R46)
LANGUAGE_CODE = "fr-ca"
LANGUAGES = [("fr-ca", _("Français"))]
LOCALE_PATHS = [RACINE / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Toronto"

# Fichiers
STATIC_URL = "static/"
STATIC_ROOT = DONNEES / "statiques"
STATICFILES_DIRS = [RACINE / "static", *([DONNEES / "front"] if (DONNEES / "front").is_dir() else [])]
MEDIA_ROOT = Path(env.str("FICHIERS", default=str(DONNEES / "fichiers")))
FILE_UPLOAD_PERMISSIONS = 0o640
TAILLE_MAX_FICHIER = 25_000_000
# Un export ou une archive ZIP s'efface tant de jours après; jamais un PDF officiel (socle/peremption.py).
EXPORTS_JOURS = env.int("EXPORTS_JOURS", default=30)
TAILLE_MAX_REQUETE = 30_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
FILE_UPLOAD_HANDLERS = [
    "socle.televersements.LimiteHandler",  # la première : les suivantes ne reçoivent que ce qu'elle laisse passer
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Antivirus : `unix:/run/clamav/clamd.ctl` ou `tcp://hote:3310`; vide, rien n'est analysé et c'est dit.
CLAMAV_ADRESSE = env.str("CLAMAV_ADRESSE", default="")
# Rangement des pièces : un dossier, ou un service compatible S3 quand `S3_SEAU` est réglé (seau privé, jamais d'adresse publique).
S3_SEAU = env.str("S3_SEAU", default="")
RANGEMENT = (
    {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_SEAU,
            "endpoint_url": env.str("S3_ADRESSE", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "access_key": env.str("S3_CLE", default="") or None,
            "secret_key": env.str("S3_SECRET", default="") or None,
            "addressing_style": env.str("S3_STYLE", default="auto"),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
    if S3_SEAU
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
)
STORAGES = {
    "default": RANGEMENT,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Courriels : tout passe par la boîte d'envoi; le délai borne un serveur muet.
vars().update(env.email_url_config(env.str("EMAIL_URL", default="") or f"filemail://{DONNEES / 'courriels'}"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("COURRIEL_EXPEDITEUR", default="Portail des Alliances <portail@demo.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
COURRIELS_DANS_UN_DOSSIER = EMAIL_BACKEND.endswith("filebased.EmailBackend")  # noqa: F821
if COURRIELS_DANS_UN_DOSSIER:  # django-environ retire la barre de tête d'un chemin absolu
    EMAIL_FILE_PATH = "/" + EMAIL_FILE_PATH.lstrip("/")  # noqa: F821

# Celery (voir socle/boite.py : une requête web n'appelle jamais le courtier)
CELERY_BROKER_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "visibility_timeout": 900,
    "retry_policy": {"timeout": 5.0},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DONNEES / "battement")
CELERY_BEAT_SCHEDULE = {
    "rappels": {"task": "portail.battre_rappels", "schedule": 60.0},
    "nettoyage": {"task": "socle.nettoyer_televersements", "schedule": 6 * 3600.0},
    "peremption": {"task": "socle.effacer_perimes", "schedule": 6 * 3600.0},
    "appels": {"task": "portail.battre_appels", "schedule": 60.0},
    "sonde": {"task": "portail.sonder", "schedule": 60.0},
    "battement": {"task": "socle.noter_battement", "schedule": 60.0},
}

# Sécurité
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portail.erreurs.jeton_refuse"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "socle.journaux.FormateurJson"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("NIVEAU_JOURNAL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
    },
}

DEMONSTRATION = False
MOT_DE_PASSE_DEMO = env.str("MOT_DE_PASSE_DEMO", default="solidarite-demo-02")
