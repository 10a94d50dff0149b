"""Drafts of seminar pages, line by line, and what the page of one shows."""
