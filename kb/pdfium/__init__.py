"""PDFium behind a wall: page counts, page images, and a second opinion on the text.

`child.py` and `text_pages.py` are the only modules that import pypdfium2 and Pillow; they run
in confined children only.
"""

from kb.pdfium.documents import Pdfium
from kb.pdfium.failures import Failure, PdfiumFailed
from kb.pdfium.second_text import SecondText

__all__ = ["Failure", "Pdfium", "PdfiumFailed", "SecondText"]
