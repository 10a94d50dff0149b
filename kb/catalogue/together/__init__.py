"""Settling the documents of one batch together: what they share, shown before it is written."""
