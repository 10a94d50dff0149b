"""Proposes what a document is about, each proposal with the words it was read from."""
