"""Accounts of people who sign in: their tables, passwords, and what happens at the door."""
