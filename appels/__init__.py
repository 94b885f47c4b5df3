"""Appels de projets : périodes, enveloppes offertes, pièces, grille, calendrier."""
