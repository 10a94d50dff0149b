"""Who may see what of a document: terms, permissions, takedowns."""
