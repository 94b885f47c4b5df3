"""Ce que montrent les documents du comité."""

from comite.exports.cahier import contexte_cahier
from comite.exports.proces_verbal import contexte_proces_verbal

__all__ = ["contexte_cahier", "contexte_proces_verbal"]
