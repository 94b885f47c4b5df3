"""Admin des alliances : un module par famille d’objets."""

from alliances.admin import acces, argent, ententes, mandataires, territoires

__all__ = ["acces", "argent", "ententes", "mandataires", "territoires"]
