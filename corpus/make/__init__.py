"""Makes the sample originals from the records (CSV) and the texts beside this package.

Run by hand, as ``python -m corpus.make``; nothing of the program imports it.
"""
