"""Formulaires des projets, par personne qui les remplit."""
