"""Vues des projets : promoteur (brouillon, dépôt, suivi) et comité."""
