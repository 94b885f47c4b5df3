"""Commandes des alliances."""
