"""Réglages de production : HTTPS, témoins `__Host-`, aucun défaut muet."""

from config.settings.base import *
from config.settings.base import exiger

SECRET_KEY = exiger("CLE_SECRETE", "elle signe les sessions et les jetons (50 caractères au hasard)")
exiger("DATABASE_URL", "l'adresse de PostgreSQL, postgres://utilisateur:secret@hote:5432/base")
exiger("REDIS_URL", "l'adresse du courtier, redis://hote:6379/0")
exiger("EMAIL_URL", "le serveur de courriel, smtp://utilisateur:secret@hote:587")
exiger("HOTES", "les noms d'hôte servis, séparés par des virgules")
exiger("ADRESSE_PUBLIQUE", "l'adresse du portail, https://…, écrite dans les courriels")
exiger("FICHIERS", "le dossier des pièces jointes et des documents produits")
exiger("COURRIEL_EXPEDITEUR", "l'adresse qui signe les courriels")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_REDIRECT_EXEMPT = [r"^sante$", r"^pret$"]
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-jeton"
