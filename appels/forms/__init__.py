"""Formulaires des appels, dans l'admin."""
