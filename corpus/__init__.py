"""The sample: records (CSV), originals, and the package that makes the originals."""
