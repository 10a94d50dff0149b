"""Kana, Hepburn, and the key on which all spellings of a reading meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.japanese.readings import romaji, romaji_key, to_hiragana, to_katakana


@pytest.mark.parametrize(
    ("text", "hiragana"),
    [("フクツ", "ふくつ"), ("ﾌｸﾂ", "ふくつ"), ("ﾌﾞｯﾁｮｳ", "ぶっちょう"), ("ニセコ町", "にせこ町"),
     ("サービス", "さーびす"), ("ヴ", "ゔ"), ("福津", "福津")],
)  # fmt: skip
def test_to_hiragana(text: str, hiragana: str) -> None:
    assert to_hiragana(text) == hiragana


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("ふくつ", "fukutsu"), ("とうきょう", "tokyo"), ("おおさか", "osaka"),
        ("ちゅうおう", "chuo"),
        ("みなみいせ", "minamiise"), ("はっちょう", "hatcho"), ("にっぽん", "nippon"),
        ("たんば", "tamba"), ("ぐんま", "gumma"), ("しんいち", "shinichi"), ("じゃ", "ja"),
        ("ニセコ", "niseko"), ("コーヒー", "kohi"), ("パーティー", "pati"),
        ("ヴァイオリン", "vaiorin"),
        ("ゃ", "ya"), ("っ", ""), ("ふくつ市", "fukutsu市"),
    ],
)  # fmt: skip
def test_romaji(kana: str, latin: str) -> None:
    assert romaji(kana) == latin


@pytest.mark.parametrize(
    "spellings",
    [
        ["Tokyo", "Toukyou", "Tōkyō", "Tôkyô", "TOKYO", "Tookyoo", "とうきょう", "トウキョウ"],
        ["Namba", "Nanba", "NAN-BA", "なんば", "Ｎａｎｂａ"],
        ["Gunma", "Gumma", "ぐんま"],
        ["Fukutsu-shi", "fukutsu shi", "FUKUTSUSHI", "Hukutusi", "ふくつし"],
        ["Kochi", "Kouchi", "Kohchi", "Koti", "こうち"],
        ["Otsu", "Ohtsu", "Otu", "おおつ"],
        ["Joetsu", "Jouetsu", "Zyoetu", "Jyoetsu", "じょうえつ"],
        ["Shin'ichi", "Shinichi", "Sin’iti"],
        ["Hatchobori", "Hacchobori", "Hattyoubori"],
        ["Shizuoka", "Sizuoka", "しずおか"],
    ],
)
def test_spellings_meet_on_one_key(spellings: list[str]) -> None:
    keys = {romaji_key(spelling) for spelling in spellings}
    assert len(keys) == 1
    assert keys != {""}


def test_different_readings_stay_apart() -> None:
    readings = ["Fukutsu", "Fukui", "Ohara", "Ora", "Kasai", "Kashii", "Niigata", "Nigata"]
    assert len({romaji_key(reading) for reading in readings}) == len(readings)


@pytest.mark.parametrize(
    "text",
    ["Fukutsu-shi", "FUKUTSU CITY", "Fukutsu shi", "Fukutsu", "fukutsu-cho", "Fukutsu pref."],
)
def test_a_suffix_that_stands_apart_can_be_left_out(text: str) -> None:
    assert romaji_key(text, strip_suffix=True) == romaji_key("fukutsu")


def test_a_suffix_within_the_word_stays() -> None:
    assert romaji_key("Tsushi", strip_suffix=True) == romaji_key("Tsushi")


@pytest.mark.parametrize("text", ["", "福津", "fukutsu市", "402249", "-"])
def test_what_is_no_reading_has_no_key(text: str) -> None:
    assert romaji_key(text) == ""


@given(st.text() | st.text(alphabet="っゃゅょーんふぁゔとうおっちaoh'-ﾌﾞ"))
def test_any_text_is_safe(text: str) -> None:
    assert isinstance(romaji(text), str)
    key = romaji_key(text)
    assert key == "" or (key.isascii() and key.isalpha() and key.islower())
    assert romaji_key(to_hiragana(text)) == key


def test_hiragana_as_katakana() -> None:
    assert to_katakana("てれわーく ヴと漢字A") == "テレワーク ヴト漢字A"
