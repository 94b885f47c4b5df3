"""Comptes : utilisateurs, organismes, adhésions."""
