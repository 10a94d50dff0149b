"""Groups of words that mean the same: kept, drafted, rehearsed, published."""
