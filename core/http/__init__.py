"""Bases of everything that speaks HTTP."""
