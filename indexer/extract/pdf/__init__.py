"""PDF: content streams, fonts and objects on top of pdfminer.six, page by page."""
