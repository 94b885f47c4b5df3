"""Commandes des appels, par famille."""
