"""Commandes des redditions."""
