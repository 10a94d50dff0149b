"""What suggestions are made of: keys, shelves of names, near misses.

:mod:`kb.search.suggesting` stands above them and keeps them in step with the catalogue.
"""
