"""All that waits for a curator, counted and listed."""
