"""What the page says where nothing answers."""

from flask import Flask


def nothing_found(site_app: Flask, typed: str) -> str:
    return site_app.test_client().get("/search", query_string={"q": typed}).text


def test_one_word_that_stands_nowhere_is_named_whole(site_app: Flask) -> None:
    page = nothing_found(site_app, "ブロックチェーン")
    assert "この語は、どの資料にもありません" in page
    assert "「ブロックチェーン」は、収めている資料のどこにも出てきません" in page


def test_to_leave_out_a_word_is_not_offered_where_that_finds_nothing(site_app: Flask) -> None:
    page = nothing_found(site_app, "ブロックチェーン 打破")
    assert "「ブロックチェーン」「打破」は、収めている資料のどこにも出てきません" in page
    assert "を外す</a>" not in page
