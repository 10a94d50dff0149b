"""HTML and plain text, whatever their encoding."""
