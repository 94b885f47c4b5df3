"""Commandes des projets, une famille par module."""
