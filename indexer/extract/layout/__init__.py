"""Reading order: from stretches of text with places to headings, paragraphs and table rows."""
