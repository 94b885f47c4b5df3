"""Lectures partagées des appels."""
