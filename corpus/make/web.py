"""Articles, newsletters, flyers and web pages, set as HTML."""

from html import escape
from pathlib import Path

from corpus.make import tools
from corpus.make.markup import INLINE, Block, Bullets, Chart, Heading, Table, Text
from corpus.make.records import Sheet, japanese_date

COMMON = f"""
body{{font-family:"{tools.SERIF}",serif;color:#222;margin:0;line-height:1.75;font-size:10.5pt}}
h1,h2,h3,th,.mark,.by{{font-family:"{tools.SANS}",sans-serif}}
h1{{font-size:20pt;line-height:1.35;margin:4mm 0}} h2{{font-size:13pt;margin:6mm 0 2mm}}
h3{{font-size:11pt;margin:4mm 0 1mm}} p{{margin:0 0 2.5mm;text-indent:1em;text-align:justify}}
ul{{margin:0 0 3mm;padding-left:1.4em}} table{{border-collapse:collapse;width:100%;margin:2mm 0}}
td,th{{border:1px solid #8a97a8;padding:1mm 2mm;font-size:9pt;text-align:left}}
th{{background:#e3eaf3}} .mark{{text-align:right;font-size:9pt;margin:0;text-indent:0}}
.by{{font-size:9pt;text-indent:0}}
"""

STYLES = {
    "columns": "@page{size:A4;margin:18mm 16mm}main{column-count:2;column-gap:8mm}"
    "h2{border-bottom:2px solid #1f5fa8}",
    "vertical": "@page{size:A4 landscape;margin:16mm}html,body{height:176mm;overflow:hidden}"
    "h1{text-align:center}"
    "main{writing-mode:vertical-rl;height:128mm;font-size:12.5pt;line-height:2}"
    "h2{border-right:3px double #6b7f5a;padding-right:2mm;margin:0 0 0 3mm}p{margin:0 0 0 2mm}",
    "flyer": f'@page{{size:A4;margin:0}}body{{font-family:"{tools.SANS}";padding:16mm 18mm;'
    "border-top:14mm solid #d96c2c;border-bottom:10mm solid #1f5fa8;height:241mm}"
    "h1{font-size:25pt;text-wrap:balance;color:#1f5fa8}h2{color:#c2551a;font-size:15pt}p{text-indent:0;font-size:12pt}"
    "td,th{font-size:11pt}",
    "web": "@media screen{body{max-width:44em;margin:2em auto;padding:0 1em;font-size:16px}}"
    "@page{size:A4;margin:20mm}",
}


def page(text: Text, sheet: Sheet) -> str:
    """The document as one HTML page that needs no other file."""
    style = text.settings["style"]
    when = " ".join(filter(None, (sheet.author, *sheet.speakers, japanese_date(sheet.dated))))
    body = "\n".join(_block(block) for block in text.blocks)
    return (
        '<!doctype html>\n<html lang="ja"><head><meta charset="utf-8">'
        f"<title>{escape(sheet.title)}</title><style>{COMMON}{STYLES[style]}</style></head>\n"
        f'<body><p class="mark">{escape(sheet.mark)}</p>\n<h1>{escape(sheet.title)}</h1>\n'
        f'<p class="by">{escape(when)}</p>\n<main>\n{body}\n</main></body></html>\n'
    )


def write(text: Text, sheet: Sheet, target: Path) -> None:
    """Write the page to `target`."""
    target.write_text(page(text, sheet), encoding="utf-8", newline="\n")


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level + 1}>{escape(block.text)}</h{block.level + 1}>"
    if isinstance(block, Bullets):
        return "<ul>" + "".join(f"<li>{_inline(i)}</li>" for i in block.items) + "</ul>"
    if isinstance(block, Table):
        return _table(block.rows)
    if isinstance(block, Chart):
        return _table(((block.title, ""), *((label, f"{v:g}") for label, v in block.bars)))
    return f"<p>{_inline(block.text)}</p>"


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    lines = []
    for r, row in enumerate(rows):
        tag = "td" if r else "th"
        lines.append("<tr>" + "".join(f"<{tag}>{escape(c)}</{tag}>" for c in row) + "</tr>")
    return "<table>" + "".join(lines) + "</table>"


def _inline(words: str) -> str:
    return INLINE.sub(
        lambda m: (
            f"<small>(注 {m['note']})</small>"
            if m["note"]
            else f"<ruby>{m['base']}<rt>{m['ruby']}</rt></ruby>"
        ),
        escape(words),
    )
