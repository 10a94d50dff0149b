"""Changing what is recorded, field by field, on one form for every kind of thing."""
