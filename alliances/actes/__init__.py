"""Actes de l’admin sur les objets des alliances."""
