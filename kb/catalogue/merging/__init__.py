"""Making one case of two that are the same, and two of them again."""
