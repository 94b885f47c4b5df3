"""Composition du portail, sans modèle : accueil, menus, erreurs, démonstration."""
