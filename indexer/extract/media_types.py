"""The kinds of files: their media types, what they are called, what to do with the unreadable."""

from indexer.extract.office import docx, pptx, xlsx
from indexer.extract.pdf import extractor as pdf
from indexer.extract.texts import html, plain_text

_ODF = "application/vnd.oasis.opendocument."
PDF = pdf.MEDIA_TYPE
PPTX = pptx.MEDIA_TYPE
XLSX = xlsx.MEDIA_TYPE
DOCX = docx.MEDIA_TYPE
PPTM = "application/vnd.ms-powerpoint.presentation.macroenabled.12"
XLSM = "application/vnd.ms-excel.sheet.macroenabled.12"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
DOCM = "application/vnd.ms-word.document.macroenabled.12"
PPT = "application/vnd.ms-powerpoint"
XLS = "application/vnd.ms-excel"
DOC = "application/msword"
OLE = "application/x-ole-storage"
ICHITARO = "application/x-js-taro"
VISIO = "application/vnd.visio"
OUTLOOK = "application/vnd.ms-outlook"
PUBLISHER = "application/x-mspublisher"
RTF = "application/rtf"
ODT = _ODF + "text"
ODS = _ODF + "spreadsheet"
ODP = _ODF + "presentation"
ODG = _ODF + "graphics"
EPUB = "application/epub+zip"
IWORK = "application/vnd.apple.iwork"
XPS = "application/oxps"
MHTML = "multipart/related"
ZIP = "application/zip"
RAR = "application/vnd.rar"
SEVEN_ZIP = "application/x-7z-compressed"
LZH = "application/x-lzh-compressed"
GZIP = "application/gzip"
VIDEO = "video/mp4"
HEIC = "image/heic"
HTML = html.MEDIA_TYPE
TEXT = plain_text.MEDIA_TYPE
UNKNOWN = "application/octet-stream"

_IMAGES = {
    "image/png": "画像(PNG)",
    "image/jpeg": "画像(JPEG)",
    "image/gif": "画像(GIF)",
    "image/tiff": "画像(TIFF)",
    "image/webp": "画像(WebP)",
    "image/bmp": "画像(BMP)",
    HEIC: "画像(HEIC)",
}
_ARCHIVES = {
    ZIP: "ZIP",
    RAR: "RAR",
    SEVEN_ZIP: "7-Zip",
    LZH: "LZH",
    GZIP: "gzip",
}
MEDIA_LABELS = {
    PDF: "PDF",
    PPTX: "PowerPoint",
    XLSX: "Excel",
    DOCX: "Word",
    PPTM: "マクロ付きPowerPoint",
    XLSM: "マクロ付きExcel",
    XLSB: "Excelバイナリーブック",
    DOCM: "マクロ付きWord",
    PPT: "PowerPoint(97-2003形式)",
    XLS: "Excel(97-2003形式)",
    DOC: "Word(97-2003形式)",
    OLE: "古い形式の文書",
    ICHITARO: "一太郎",
    VISIO: "Visio",
    OUTLOOK: "Outlookのメール",
    PUBLISHER: "Publisher",
    RTF: "リッチテキスト(RTF)",
    ODT: "OpenDocument文書",
    ODS: "OpenDocument表計算",
    ODP: "OpenDocumentプレゼンテーション",
    ODG: "OpenDocument図形",
    EPUB: "電子書籍(EPUB)",
    IWORK: "Pages・Numbers・Keynote",
    XPS: "XPS",
    MHTML: "ウェブページの保存形式(MHTML)",
    **_ARCHIVES,
    VIDEO: "動画・音声",
    HTML: "HTML",
    TEXT: "テキスト",
    **_IMAGES,
    UNKNOWN: "不明な形式",
}
"""The Japanese name of each media type that `detect` can return."""

_SAVE_AS_PDF = "{label}は読めません。元のソフトでPDFに保存し直してから登録してください。"
_SAVE_AS = "{label}は読めません。元のソフトで{suffix}かPDFに保存し直してから登録してください。"
_UNPACK = "{label}はそのままでは読めません。展開して、中のファイルを一つずつ登録してください。"
_MAKE_PDF = (
    "{label}は読めません。PDFにまとめてから登録してください。文字認識はPDFに対して行います。"
)
_ADVICE = {
    PPT: _SAVE_AS.format(label=MEDIA_LABELS[PPT], suffix=".pptx"),
    XLS: _SAVE_AS.format(label=MEDIA_LABELS[XLS], suffix=".xlsx"),
    XLSB: _SAVE_AS.format(label=MEDIA_LABELS[XLSB], suffix=".xlsx"),
    DOC: _SAVE_AS.format(label=MEDIA_LABELS[DOC], suffix=".docx"),
    RTF: _SAVE_AS.format(label=MEDIA_LABELS[RTF], suffix=".docx"),
    ICHITARO: _SAVE_AS.format(label=MEDIA_LABELS[ICHITARO], suffix=".docx"),
    ODT: _SAVE_AS.format(label=MEDIA_LABELS[ODT], suffix=".docx"),
    ODS: _SAVE_AS.format(label=MEDIA_LABELS[ODS], suffix=".xlsx"),
    ODP: _SAVE_AS.format(label=MEDIA_LABELS[ODP], suffix=".pptx"),
    MHTML: (
        "ウェブページの保存形式(MHTML)は読めません。ブラウザーで開き、"
        "HTMLで保存し直すか、印刷からPDFにして登録してください。"
    ),
    VIDEO: "動画・音声は読めません。説明する文書をPDFなどで登録してください。",
    UNKNOWN: "ファイルの形式が分かりません。元のソフトでPDFに保存し直してから登録してください。",
    **{archive: _UNPACK.format(label=label) for archive, label in _ARCHIVES.items()},
    **{image: _MAKE_PDF.format(label=label) for image, label in _IMAGES.items()},
}


def advice(media_type: str) -> str:
    """Return what to tell the curator about a file of a kind that nothing reads."""
    label = MEDIA_LABELS.get(media_type, MEDIA_LABELS[UNKNOWN])
    return _ADVICE.get(media_type) or _SAVE_AS_PDF.format(label=label)
