"""Readings: kana to hiragana, kana to Hepburn, and one key for every way of typing romaji."""

import re
import unicodedata

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_HIRAGANA_TO_KATAKANA = {kana: code for code, kana in _KATAKANA_TO_HIRAGANA.items()}

_ROWS = (
    ("あいうえお", "a i u e o"),
    ("ぁぃぅぇぉ", "a i u e o"),
    ("かきくけこ", "ka ki ku ke ko"),
    ("がぎぐげご", "ga gi gu ge go"),
    ("さしすせそ", "sa shi su se so"),
    ("ざじずぜぞ", "za ji zu ze zo"),
    ("たちつてと", "ta chi tsu te to"),
    ("だぢづでど", "da ji zu de do"),
    ("なにぬねの", "na ni nu ne no"),
    ("はひふへほ", "ha hi fu he ho"),
    ("ばびぶべぼ", "ba bi bu be bo"),
    ("ぱぴぷぺぽ", "pa pi pu pe po"),
    ("まみむめも", "ma mi mu me mo"),
    ("やゆよゃゅょ", "ya yu yo ya yu yo"),
    ("らりるれろ", "ra ri ru re ro"),
    ("わゐゑをゎゕゖ", "wa i e o wa ka ke"),
    ("んゔ", "n vu"),
)
_SYLLABLES = {
    kana: latin for row, spelt in _ROWS for kana, latin in zip(row, spelt.split(), strict=True)
}
_SMALL_Y = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
_GLIDE_STEMS = {"shi": "sh", "chi": "ch", "ji": "j"}
_LOAN_VOWELS = {"ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_LOAN_STEMS = {
    "ふ": "f", "ゔ": "v", "て": "t", "で": "d", "し": "sh", "じ": "j", "ち": "ch", "う": "w",
    "つ": "ts", "と": "t", "ど": "d",
}  # fmt: skip

_LONG_VOWELS = re.compile(r"o[ou]+|uu+")
_N_BEFORE_LIPS = re.compile(r"n(?=[bpm])")

_KEY_FOLDS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"m(?=[bpm])", "n"),
        (r"oh(?![aiueoy])", "o"),
        (r"c(?=ch)", "t"),
        (r"shi", "si"),
        (r"sh", "sy"),
        (r"chi", "ti"),
        (r"ch", "ty"),
        (r"ts(?=u)", "t"),
        (r"fu", "hu"),
        (r"ji|di", "zi"),
        (r"jy?", "zy"),
        (r"dz?u", "zu"),
        (r"o[ou]+", "o"),
        (r"uu+", "u"),
    )
)
"""In this order: Hepburn and its rivals meet on Kunrei spelling, long vowels on short ones."""

_NOT_ROMAJI = re.compile(r"[^a-z\s'’.\-‐]")
_NOT_A_LETTER = re.compile(r"[^a-z]")
_SUFFIX = re.compile(
    r"[\s\-‐]+(?:shi|si|ku|cho|chou|tyou?|machi|mati|mura|son|ken|fu|hu|to|gun"
    r"|city|ward|town|village|prefecture|pref\.?)\s*$"
)


_H_FOR_LONG_O = re.compile(r"oh(?=[aiey])")
"""Not before o and u: without the h those would be the long vowel (多賀町 is no Taga-choho)."""


def to_hiragana(text: str) -> str:
    """Turn katakana, full-width or half-width, into hiragana; everything else stays.

    Half-width forms are composed (ﾌﾞ is ぶ), which makes the result shorter than `text`.
    """
    return unicodedata.normalize("NFKC", text).translate(_KATAKANA_TO_HIRAGANA)


def to_katakana(text: str) -> str:
    """Turn hiragana into katakana; everything else stays."""
    return text.translate(_HIRAGANA_TO_KATAKANA)


def romaji(kana: str) -> str:
    """Transcribe kana into Hepburn as passports have it: lower case, no long vowel marks.

    おう, おお and うう count as long wherever they stand: kana do not show where one word ends
    and the next begins (ひろお, 広尾), so transcribe the parts where that matters. ん is m
    before b, p and m (たんば, tamba) and takes no apostrophe before vowels. Characters that are
    no kana are left as they are.
    """
    hiragana = to_hiragana(kana)
    # Half of what a gazetteer asks of, and nothing in it to transcribe.
    return _shortened(hiragana if hiragana.isascii() else _transcribed(hiragana))


def _transcribed(hiragana: str) -> str:
    """Kana in Latin letters one by one, long vowels as they are written."""
    pieces: list[str] = []
    doubled = False
    for position, character in enumerate(hiragana):
        if character == "っ":
            doubled = True
            continue
        if character == "ー" and pieces:
            continue
        latin = _syllable(hiragana, position, pieces)
        pieces.append(_doubled(latin) if doubled else latin)
        doubled = False
    return "".join(pieces)


def _shortened(latin: str) -> str:
    """Long vowels as short ones, n before b, p and m as m."""
    spelt = _LONG_VOWELS.sub(lambda found: found[0][0], latin)
    return _N_BEFORE_LIPS.sub("m", spelt)


def _syllable(hiragana: str, position: int, pieces: list[str]) -> str:
    """The Latin letters of one kana; a small one takes the vowel off the piece before it."""
    character = hiragana[position]
    before = hiragana[position - 1] if position else ""
    if character in _SMALL_Y and pieces and pieces[-1].endswith("i"):
        stem = pieces.pop()
        glide = next((g for s, g in _GLIDE_STEMS.items() if stem.endswith(s)), None)
        if glide is None:
            return stem[:-1] + "y" + _SMALL_Y[character]
        return stem[: -len(glide) - 1] + glide + _SMALL_Y[character]
    if character in _LOAN_VOWELS and before in _LOAN_STEMS and pieces:
        stem = pieces.pop()
        return stem[: -len(_SYLLABLES[before])] + _LOAN_STEMS[before] + _LOAN_VOWELS[character]
    return _SYLLABLES.get(character, character)


def _doubled(latin: str) -> str:
    if latin.startswith("ch"):
        return "t" + latin
    return latin[0] + latin if latin[:1].isalpha() and latin[0] not in "aiueon" else latin


def romaji_key(text: str, *, strip_suffix: bool = False) -> str:
    """One key for every way of typing the same reading in Latin letters.

    Tokyo, Toukyou, Tōkyō and とうきょう meet; so do Namba and Nanba, Fukutsu and Hukutu, with
    or without hyphens, spaces and capitals. The key is for comparing, never for showing.

    Args:
        text: romaji, or kana, which is transcribed first.
        strip_suffix: leave out a suffix that stands apart (-shi, -ku, -cho, City ...).

    Returns:
        Lower-case letters; empty when `text` holds anything but letters, kana, spaces,
        hyphens, apostrophes and full stops.
    """
    decomposed = unicodedata.normalize("NFKD", romaji(text).casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    if _NOT_ROMAJI.search(plain):
        return ""
    if strip_suffix:
        plain = _SUFFIX.sub("", plain)
    key = _NOT_A_LETTER.sub("", plain)
    for pattern, replacement in _KEY_FOLDS:
        key = pattern.sub(replacement, key)
    return key


def romaji_key_long(text: str) -> str:
    """The key of romaji in which every ``oh`` before a, i, e or y is a long o: Tohei-cho, 東栄町.

    Nothing in the letters tells it from とへい, which :func:`romaji_key` takes it for.

    Returns:
        As :func:`romaji_key`; empty where there is no such ``oh``.
    """
    plain = _NOT_A_LETTER.sub("", unicodedata.normalize("NFKD", text).casefold())
    if not _H_FOR_LONG_O.search(plain):
        return ""
    return romaji_key(_H_FOR_LONG_O.sub("o", plain))
