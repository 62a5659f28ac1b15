"""Patrons: who they are, and what of them a screen may show."""
