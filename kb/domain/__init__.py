"""The words of the domain; nothing here knows a database, an engine or the web."""
