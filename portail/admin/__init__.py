"""Admin que le portail compose : boîte d’envoi, plan de travail et délégations (appels et projets liés), avis sectoriels."""

from portail.admin import avis, boite, delegations, plan

__all__ = ["avis", "boite", "delegations", "plan"]
