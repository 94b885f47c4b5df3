"""Essais qui traversent les apps."""
