"""PowerPoint, Excel and Word files, read from their XML."""
