"""The pages of documents: text, layout, tokens and how far they can be trusted."""
