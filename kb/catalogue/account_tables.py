"""Tables of the people who may sign in.

See :mod:`kb.catalogue.models` for the things that are searched.
"""
