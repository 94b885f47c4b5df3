"""Règles des appels, pures."""
