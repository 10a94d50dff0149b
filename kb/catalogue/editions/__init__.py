"""Editions of a document: the newest is read and found, earlier ones stay citable."""
