"""Many cases changed by one file: tried first, then written whole or not at all."""
