"""Settling what the machine proposed, and publishing what is settled."""
