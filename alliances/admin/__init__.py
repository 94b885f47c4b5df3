"""Admin des alliances : un module par famille d’objets."""

from alliances.admin import acces, argent, ententes, gouvernance, mandataires, territoires

__all__ = ["acces", "argent", "ententes", "gouvernance", "mandataires", "territoires"]
