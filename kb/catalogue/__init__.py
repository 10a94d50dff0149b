"""The truth: cases, documents, pages, places, people, rights and where each came from."""
