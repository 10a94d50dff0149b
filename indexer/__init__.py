"""Fills the catalogue and the index: extract, recognise, record, index."""
