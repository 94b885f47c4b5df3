"""Noyau partagé : argent, formats, états, boîte d'envoi, documents, admin de base."""
