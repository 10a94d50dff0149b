"""What is wrong with a PDF as a whole, told from its pages."""

from indexer.extracted import ExtractedDocument, Fault, Outcome

NO_PAGES = (
    "ページが一つも見つかりません。元のソフトでPDFに保存し直すか、別の写しを用意してください。"
)
NOTHING_DRAWN = "文字も画像もありません。正しいファイルか確かめてください。"
ONLY_IMAGES = "画像だけか、文字を正しく取り出せないPDFです。文字認識(OCR)が必要です。"
PAGES_LOST = "{declared}ページのうち{read}ページしか読めませんでした。"


def verdict(document: ExtractedDocument, most_pages: int) -> tuple[Fault, ...]:
    """Return what the pages and faults of a whole document add up to.

    `most_pages` is the limit it was read within: pages beyond it are not lost. A document
    without pages that has a fault of its own already, such as a password, gets no second.
    """
    if not document.pages:
        explained = any(fault.page is None for fault in document.faults)
        return () if explained else (Fault(Outcome.DAMAGED, NO_PAGES),)
    found: list[Fault] = []
    if not any(page.text.strip() and not page.needs_ocr for page in document.pages):
        if any(page.needs_ocr for page in document.pages):
            found.append(Fault(Outcome.NEEDS_OCR, ONLY_IMAGES))
        elif all(fault.page is None for fault in document.faults):
            found.append(Fault(Outcome.EMPTY, NOTHING_DRAWN))
    if len(document.pages) < min(document.declared_pages, most_pages):
        text = PAGES_LOST.format(declared=document.declared_pages, read=len(document.pages))
        found.append(Fault(Outcome.INDEXED_PARTLY, text))
    return tuple(found)
