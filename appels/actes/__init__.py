"""Actes des appels, dans l'admin."""
