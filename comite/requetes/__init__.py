"""Lectures du comité."""
