"""Règles pures des alliances."""
