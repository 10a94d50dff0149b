"""A seminar's page becomes a draft of records, which a curator accepts line by line."""
