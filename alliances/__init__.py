"""Alliances : cycles, mandataires, ententes, territoires, enveloppes et grand livre."""
