"""Commandes des comptes : comptes, organismes, membres, dossier permanent."""
