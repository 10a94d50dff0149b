"""Character recognition: pictures of pages become pages, by an outside program."""
