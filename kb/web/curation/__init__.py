"""Pages of curators: adding, reviewing, editing, and what they need for it."""
