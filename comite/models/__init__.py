"""Modèles du comité."""
