"""The comparison of two texts loses nothing and stays readable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scraper.text.differences import Gap, Paragraph, compare, compare_line, folded

TEXT = st.lists(st.text(alphabet="甲乙丙丁ab。", max_size=12), max_size=8).map("\n".join)


def side(paragraphs: list[Paragraph], without: str) -> list[str]:
    """The text of one side, from the shown paragraphs."""
    return [
        "".join(piece.text for piece in p.pieces if piece.kind != without)
        for p in paragraphs
        if p.kind != without
    ]


@given(TEXT, TEXT)
def test_both_texts_can_be_read_off(old: str, new: str) -> None:
    shown = compare(old, new)
    assert side(shown, "added") == old.split("\n")
    assert side(shown, "removed") == new.split("\n")


@given(TEXT, TEXT)
def test_folding_keeps_every_paragraph(old: str, new: str) -> None:
    shown = compare(old, new)
    unfolded = [p for x in folded(shown) for p in (x.paragraphs if isinstance(x, Gap) else (x,))]
    assert unfolded == shown


def test_an_edited_figure_is_one_change() -> None:
    (paragraph,) = compare("储煤可用四十五天，合格率九成。", "储煤可用四十八天，合格率九成。")
    assert [(p.kind, p.text) for p in paragraph.pieces] == [
        ("same", "储煤可用"),
        ("removed", "四十五"),
        ("added", "四十八"),
        ("same", "天，合格率九成。"),
    ]


def test_unlike_paragraphs_are_not_woven_together() -> None:
    shown = compare("甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未")
    assert sorted(p.kind for p in shown) == ["added", "removed"]


def test_long_texts_are_replaced_as_a_whole() -> None:
    pieces = compare_line("a" * 5000, "b" * 5000)
    assert [p.kind for p in pieces] == ["removed", "added"]


def test_numbers_and_words_change_as_a_whole() -> None:
    def changes(old: str, new: str) -> list[tuple[str, str]]:
        return [(p.kind, p.text) for p in compare_line(old, new) if p.kind != "same"]

    assert changes("共248家。", "共255家。") == [("removed", "248"), ("added", "255")]
    assert changes("增长5.2%。", "增长5.3%。") == [("removed", "5.2%"), ("added", "5.3%")]
    assert changes("1,248人", "1,258人") == [("removed", "1,248"), ("added", "1,258")]
    assert changes("可用四十五天", "可用四十八天") == [("removed", "四十五"), ("added", "四十八")]
    assert changes("百分之九十九点六。", "百分之九十九点八。") == [
        ("removed", "九十九点六"),
        ("added", "九十九点八"),
    ]
    assert changes("由AI完成。", "由API完成。") == [("removed", "AI"), ("added", "API")]


@given(st.text("12０.,%ab甲\n", max_size=12), st.text("12０.,%ab甲\n", max_size=12))
def test_a_line_loses_nothing(old: str, new: str) -> None:
    pieces = compare_line(old, new)
    assert "".join(p.text for p in pieces if p.kind != "added") == old
    assert "".join(p.text for p in pieces if p.kind != "removed") == new
