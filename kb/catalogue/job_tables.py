"""Tables of the work that waits for the worker.

See :mod:`kb.catalogue.models` for the things that are searched.
"""
