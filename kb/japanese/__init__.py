"""One way to read Japanese, for pages and for queries alike."""
