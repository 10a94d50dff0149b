"""What was changed, by whom and why: told, put back, and never rewritten."""
