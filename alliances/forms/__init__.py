"""Formulaires des alliances."""
