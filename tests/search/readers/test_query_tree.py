"""The syntax of a question: nothing a person types is an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.search.query import Facet
from kb.search.readers.lexing import DEEPEST_BRACKETS
from kb.search.readers.typed import (
    All,
    Node,
    Not,
    Piece,
    PieceKind,
    Some,
    literally,
    parse,
    pieces,
    printed,
    read,
    together,
    without,
)

PARTS = (
    *("改善", "福津市", "計画(案)", "ab", " ", "　", "\n", '"', "「", "」", "『", "“", "”", "＂"),
    *("-", "－", "ー", "(", ")", "（", "）", "|", "｜", "OR", "ＯＲ", "または", "もしくは", "AND"),
    *("かつ", "＋", "NOT", "除く", "を除く", "部署:", "年度：", "ＹＥＡＲ:", ":", "自治体", "を"),
    *("以外の", "以外", "ではない", "2021年度", "なし", "*", "?", "・"),
    "\u200f",
)
TYPED = st.one_of(
    st.lists(st.sampled_from(PARTS), max_size=14).map("".join),
    st.lists(st.sampled_from(PARTS), max_size=14).map(" ".join),
    st.lists(st.one_of(st.sampled_from(PARTS), st.characters()), max_size=40).map("".join),
)
MANY = settings(max_examples=500)


def texts(typed: str) -> list[str]:
    return [piece.text for piece in parse(typed)]


def word(text: str, field: Facet | None = None) -> Piece:
    return Piece(text, PieceKind.WORD, field=field)


def phrase(text: str) -> Piece:
    return Piece(text, PieceKind.PHRASE)


A, B, C, D = map(word, ("甲", "乙", "丙", "丁"))


def test_words_are_parted_by_blanks_of_any_width() -> None:
    assert texts("福津市　組織目標 改善") == ["福津市", "組織目標", "改善"]


def test_quotes_make_a_phrase() -> None:
    for typed in ('"若者 定住"', "「若者 定住」", "『若者 定住』", "“若者 定住”", "＂若者 定住＂"):
        assert read(typed).tree == phrase("若者 定住")


def test_a_quote_that_is_never_closed_is_passed_over() -> None:
    assert texts('"若者 定住') == ["若者", "定住"]


@pytest.mark.parametrize("minus", ["-", "－", "−", "ー", "‐"])
def test_minus_excludes(minus: str) -> None:
    assert read(f"甲 {minus}乙").tree == All((A, Not(B)))
    assert read(f'甲 {minus}"乙 丙"').tree == All((A, Not(phrase("乙 丙"))))


def test_minus_alone_or_as_an_ornament_is_no_operator() -> None:
    assert texts("改善 - ") == ["改善", "-"]
    assert read("甲 －夢への挑戦－").tree == All((A, word("－夢への挑戦－")))
    assert read("--甲").tree == word("--甲")
    assert read("2021-2022 人－人").tree == All((word("2021-2022"), word("人－人")))


@pytest.mark.parametrize(
    "typed",
    ["甲 -乙", "甲 NOT 乙", "甲 ＮＯＴ 乙", "甲 除く 乙", "乙を除く 甲", "乙 を除く 甲",
     "甲 乙 除く", "甲 「乙」を除く", "甲 -乙を除く", "甲 NOT NOT 乙", "甲 乙を除いた",
     "甲 乙 以外", "乙 以外の 甲", "甲 乙をのぞいて", "のぞく 乙 甲"],
)  # fmt: skip
def test_every_way_to_exclude(typed: str) -> None:
    tree = read(typed).tree
    assert isinstance(tree, All)
    assert {printed(part) for part in tree.parts} <= {"甲", "-乙", "-「乙」"}
    assert len(tree.parts) == 2


@pytest.mark.parametrize(
    "sign", ["OR", "ＯＲ", "or", "Or", "ｏｒ", "|", "｜", "||", "または", "又は", "もしくは"]
)  # fmt: skip
def test_every_way_to_say_or(sign: str) -> None:
    assert read(f"甲 {sign} 乙 丙").tree == All((Some((A, B)), C))
    assert read(f'"甲"{sign}(乙)').tree == Some((phrase("甲"), B))


@pytest.mark.parametrize("sign", ["AND", "ＡＮＤ", "and", "かつ", "+", "＋"])
def test_every_way_to_say_and(sign: str) -> None:
    assert read(f"甲 {sign} 乙").tree == All((A, B))


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("福津市以外の改善事例", "-福津市 改善事例"),
        ("福岡県を除く九州", "-福岡県 九州"),
        ("福津市ではない 改善", "-福津市 改善"),
        ("福津市と2021年度以外", "-福津市 -2021年度"),
        ("令和3年度を除いた改善", "-令和3年度 改善"),
        ("改善 さいたま市なし", "改善 -さいたま市"),
        ("福津市を除く-改善", "-福津市 -改善"),
        ("自治体:福津市・中野区以外 改善", "-自治体:福津市 -自治体:中野区 改善"),
    ],
)
def test_places_and_years_are_left_out_in_a_sentence(typed: str, read_as: str) -> None:
    tree = read(typed).tree
    assert tree is not None
    assert printed(tree) == read_as


@pytest.mark.parametrize("typed", ["trial and error", "plan or do", "or", "search and find"])
def test_small_letters_in_english_are_words(typed: str) -> None:
    assert texts(typed) == typed.split()


def test_a_pipe_needs_no_blanks() -> None:
    assert read("甲|乙｜丙").tree == Some((A, B, C))


def test_brackets_group() -> None:
    assert read("(甲 乙) OR 丙").tree == Some((All((A, B)), C))
    assert read("甲 （乙 または （丙 -丁））").tree == All((A, Some((B, All((C, Not(D)))))))
    assert read("甲 -(乙 OR 丙)").tree == All((A, Not(Some((B, C)))))


def test_brackets_within_a_word_belong_to_it() -> None:
    assert texts("総合計画(案)の策定 (甲 OR 計画(案))") == ["総合計画(案)の策定", "甲", "計画(案)"]


@pytest.mark.parametrize("typed", ["(甲 乙", "甲 乙 (", "((甲) 乙", '甲 (乙 "', "甲) 乙"])
def test_unbalanced_brackets_join_nothing(typed: str) -> None:
    assert [text.strip(")") for text in texts(typed)] == ["甲", "乙"]


@pytest.mark.parametrize(
    "typed",
    [
        "市民または町民",
        "またはの語",
        "改善かつ協働",
        "ORDER",
        "x AND",
        "職員を除く対象者",
        "職員以外の参加者",
        "市町村以外の団体",
        "自分の町以外の取組",
        "押印なし",
    ],
)
def test_operators_within_words_are_words(typed: str) -> None:
    assert texts(typed) == [part for part in typed.split() if part != "AND"]


@pytest.mark.parametrize(
    "typed", ["甲 OR", "OR 甲", "甲 AND AND", "NOT OR 甲", "除く または 甲 かつ"]
)
def test_operators_that_join_nothing_are_ignored_and_named(typed: str) -> None:
    found = read(typed)
    assert found.tree == A
    assert [token.text for token in found.ignored]
    assert all(token.text in typed.split() for token in found.ignored)


@pytest.mark.parametrize("typed", ["OR", "または", "除く", "AND OR", "(もしくは)"])
def test_operators_by_themselves_are_words(typed: str) -> None:
    assert texts(typed) == typed.strip("()").split()


def test_fields_in_both_languages_and_widths() -> None:
    found = parse(
        "部署:総務課 自治体：中野区 YEAR:R4 ｙｅａｒ：R5 ﾃｰﾏ:働き方 種類:チラシ -発表年度:2022"
    )
    assert [piece.field for piece in found] == [
        Facet.DEPARTMENT, Facet.MUNICIPALITY, Facet.IMPLEMENTED_IN, Facet.IMPLEMENTED_IN,
        Facet.THEME, Facet.KIND, Facet.PRESENTED_IN,
    ]  # fmt: skip
    assert [p.text for p in found] == ["総務課", "中野区", "R4", "R5", "働き方", "チラシ", "2022"]
    assert found[-1].excluded


def test_a_field_before_quotes_and_brackets() -> None:
    [piece] = parse("テーマ：「働き方 改革」")
    assert (piece.text, piece.field) == ("働き方 改革", Facet.THEME)
    either = read("自治体:(福津市 OR 中野区)").tree
    names = (word("福津市", Facet.MUNICIPALITY), word("中野区", Facet.MUNICIPALITY))
    assert either == Some(names)


def test_a_field_without_value_is_a_word() -> None:
    assert texts("部署: 総務") == ["部署:", "総務"]


def test_brackets_too_deep_are_passed_over_and_that_is_known() -> None:
    deep = DEEPEST_BRACKETS
    assert not read("(" * deep + "甲" + ")" * deep).too_deep
    found = read("(" * 5000 + "甲" + ")" * 5000)
    assert (found.tree, found.too_deep) == (A, True)
    assert read("NOT " * 5000 + "甲").tree == Not(A)


def test_without_closes_the_gap() -> None:
    assert without("福津市 改善 定住", 4, 6) == "福津市 定住"


@pytest.mark.parametrize(
    ("typed", "removed", "rest"),
    [
        ("甲 または 乙 丙", "乙", "甲 丙"),
        ("甲 または 乙 または 丙", "乙", "甲 または 丙"),
        ("(甲 OR 乙) 丙", "丙", "甲 OR 乙"),
        ("(甲 OR 乙) 丙 丁", "丙", "(甲 OR 乙) 丁"),
        ("(甲 乙) | 丙", "甲", "乙 | 丙"),
        ("甲 -乙", "-乙", "甲"),
        ("甲 乙を除く", "乙", "甲"),
        ("甲 -(乙 OR 丙)", "乙", "甲 -丙"),
        ("甲 部署:総務課", "部署:総務課", "甲"),
        ("福津市の組織目標 甲", "福津市", "組織目標 甲"),
    ],
)
def test_without_takes_its_operator_along(typed: str, removed: str, rest: str) -> None:
    at = typed.index(removed)
    assert without(typed, at, at + len(removed)) == rest


def test_a_part_of_a_word_is_put_in_quotes_where_it_stands() -> None:
    assert literally("福間町 改善", 0, 3) == '"福間町" 改善'
    assert literally("甲 OR 福津市の改善", 5, 8) == '甲 OR ("福津市" の改善)'


def test_alternatives_can_all_be_asked_for() -> None:
    assert together("(甲 OR 乙) 丙", 0, 8) == "(甲 乙) 丙"
    assert together("甲 OR 乙 丙", 0, 6) == "甲 乙 丙"


@MANY
@given(TYPED)
def test_any_text_is_read_and_pieces_stand_in_order(typed: str) -> None:
    position = 0
    for piece in parse(typed):
        assert position <= piece.start < piece.end <= len(typed)
        assert piece.text
        assert typed[piece.at : piece.at + len(piece.text)] == piece.text
        position = piece.end


@MANY
@given(TYPED)
def test_what_is_printed_is_read_as_the_same(typed: str) -> None:
    tree = read(typed).tree
    again = read(printed(tree)) if tree else read("")
    assert again.tree == tree
    assert not again.ignored


def nodes(node: Node) -> list[Node]:
    match node:
        case All(parts) | Some(parts):
            return [node, *(inner for part in parts for inner in nodes(part))]
        case Not(part):
            return [node, *nodes(part)]
        case _:
            return [node]


def simplified(node: Node | None, gone: Node) -> Node | None:
    """The tree without one of its nodes, worked out afresh."""
    match node:
        case None:
            return None
        case _ if node is gone:
            return None
        case Not(part):
            left = simplified(part, gone)
            return Not(left) if left else None
        case Piece():
            return node
        case All(parts) | Some(parts):
            rest = [left for part in parts if (left := simplified(part, gone))]
            flat: list[Node] = []
            for left in rest:
                flat += left.parts if type(left) is type(node) else [left]
            return (type(node)(tuple(flat)) if len(flat) > 1 else flat[0]) if flat else None


@MANY
@given(TYPED, st.integers(0, 10))
def test_without_removes_exactly_the_thing(typed: str, which: int) -> None:
    tree = read(typed).tree
    if tree is None:
        return
    gone = nodes(tree)[which % len(nodes(tree))]
    assert read(without(typed, gone.start, gone.end)).tree == simplified(tree, gone)


@MANY
@given(TYPED)
def test_removing_every_piece_leaves_nothing(typed: str) -> None:
    seen = 0
    while found := parse(typed):
        typed = without(typed, found[0].start, found[0].end)
        seen += 1
        assert len(parse(typed)) == len(found) - 1
    assert seen <= 60
    assert parse(typed) == ()


def test_pieces_know_whether_they_are_left_out() -> None:
    tree = read("甲 -(乙 丙)").tree
    assert tree is not None
    assert [(piece.text, piece.excluded) for piece in pieces(tree)] == [
        ("甲", False), ("乙", True), ("丙", True),
    ]  # fmt: skip
