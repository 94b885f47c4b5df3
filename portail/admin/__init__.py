"""Admin que le portail compose : boîte d’envoi, plan de travail (appels et projets liés), avis sectoriels."""

from portail.admin import avis, boite, plan

__all__ = ["avis", "boite", "plan"]
