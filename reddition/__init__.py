"""Reddition de comptes annuelle, contrôles et productions."""
