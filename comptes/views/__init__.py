"""Pages des organismes : fiche, membres, dossier permanent."""
