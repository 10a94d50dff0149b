"""How a known question is written, and what is refused."""

import pytest

from kb.domain.known_question import BadQuestion, Expected, KnownQuestion, expected_of, page_of

FOUND = Expected(found=(("case-a",),))


def test_the_cells_of_a_list_say_what_must_be_found() -> None:
    expected = expected_of(
        "case-a|case-b", "doc-c#5; case-d|case-e ;did_you_mean:福津市", missing="打破；隕石"
    )
    assert expected == Expected(
        first=("case-a", "case-b"),
        found=(("doc-c#5",), ("case-d", "case-e")),
        suggested=("福津市",),
        missing=("打破", "隕石"),
    )
    assert expected_of("case-a|case-b", expected.notation, missing="打破;隕石") == expected
    assert expected_of("", "none", understood="place;year") == Expected(
        nothing=True, understood=("place", "year")
    )


def test_a_page_is_told_from_a_name() -> None:
    assert page_of("doc-a#12") == ("doc-a", 12)
    assert page_of("doc-a") is None


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: KnownQuestion("", "改善", FOUND), "ID"),
        (lambda: KnownQuestion("a b", "改善", FOUND), "ID"),
        (lambda: KnownQuestion("q", "", FOUND), "質問"),
        (lambda: KnownQuestion("q", "長" * 201, FOUND), "200"),
        (lambda: KnownQuestion("q", "改善", Expected()), "何が見つかるべきか"),
        (lambda: KnownQuestion("q", "改善", Expected(within=3)), "何が見つかるべきか"),
        (lambda: KnownQuestion("q", "改善", Expected(nothing=True, first=("a",))), "none"),
        (lambda: KnownQuestion("q", "改善", Expected(nothing=True, within=0)), "100"),
    ],
)
def test_a_question_that_cannot_be_judged_is_refused(made: object, said: str) -> None:
    assert callable(made)
    with pytest.raises(BadQuestion, match=said):
        made()
