"""Lectures partagées des alliances."""
