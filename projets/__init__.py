"""Projets : dépôt, évaluation, décision, convention, versements, rapports."""
