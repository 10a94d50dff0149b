"""The knowledge base: catalogue, Japanese, search and the web pages over them."""
