"""The syntax of a question: nothing a person types is an error."""

from hypothesis import given
from hypothesis import strategies as st

from kb.search.query import Facet
from kb.search.readers.typed import PieceKind, parse, without

TYPED = st.text(
    alphabet=st.one_of(
        st.sampled_from('改善 　"「」『』“”-－:：部署年度自治体ab\n'), st.characters(codec="utf-8")
    ),
    max_size=60,
)


def texts(typed: str) -> list[str]:
    return [piece.text for piece in parse(typed)]


def test_words_are_parted_by_blanks_of_any_width() -> None:
    assert texts("福津市　組織目標 改善") == ["福津市", "組織目標", "改善"]


def test_quotes_make_a_phrase() -> None:
    for typed in ('"若者 定住"', "「若者 定住」", "“若者 定住”", "＂若者 定住＂"):
        [piece] = parse(typed)
        assert (piece.text, piece.kind) == ("若者 定住", PieceKind.PHRASE)


def test_a_quote_that_is_never_closed_is_passed_over() -> None:
    assert texts('"若者 定住') == ["若者", "定住"]


def test_minus_excludes_and_alone_is_a_word() -> None:
    pieces = parse("改善 -福津市 －見本 -")
    assert [(p.text, p.excluded) for p in pieces] == [
        ("改善", False), ("福津市", True), ("見本", True), ("-", False),
    ]  # fmt: skip


def test_fields_in_both_languages_and_widths() -> None:
    pieces = parse("部署:総務課 自治体：中野区 YEAR:R4 テーマ:働き方 種類:チラシ")
    assert [p.field for p in pieces] == [
        Facet.DEPARTMENT, Facet.MUNICIPALITY, Facet.IMPLEMENTED_IN, Facet.THEME, Facet.KIND,
    ]  # fmt: skip
    assert [p.text for p in pieces] == ["総務課", "中野区", "R4", "働き方", "チラシ"]


def test_a_field_without_value_is_a_word() -> None:
    assert texts("部署: 総務") == ["部署:", "総務"]


@given(TYPED)
def test_any_text_is_parsed_and_pieces_stand_in_order(typed: str) -> None:
    pieces = parse(typed)
    position = 0
    for piece in pieces:
        assert position <= piece.start < piece.end <= len(typed)
        assert piece.text
        assert piece.text in typed
        position = piece.end


@given(TYPED)
def test_removing_every_piece_leaves_no_word(typed: str) -> None:
    for piece in reversed(parse(typed)):
        typed = typed[: piece.start] + " " * (piece.end - piece.start) + typed[piece.end :]
    assert all(len(text) == 1 or not text.isalnum() for text in texts(typed))


def test_without_leaves_no_particle_that_joined_nothing() -> None:
    assert without("福津市の人事課", 4, 7) == "福津市"
    assert without("福津市の人事課", 0, 3) == "人事課"
    assert without("職員を育てる", 3, 6) == "職員"


def test_without_closes_the_gap() -> None:
    assert without("福津市 改善 定住", 4, 6) == "福津市 定住"
