"""Les pages publiques des Alliances : la liste, une page par mandataire, son image."""
