"""Tables of what people asked, and of the questions whose answers are known.

See :mod:`kb.catalogue.models` for the things that are searched.
"""
