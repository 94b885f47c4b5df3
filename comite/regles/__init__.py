"""Règles pures du comité."""
