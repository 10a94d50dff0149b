"""Casebooks: which of their pages tell of which case."""
