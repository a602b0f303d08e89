"""What is shown of two texts, piece by piece."""

from __future__ import annotations

from scraper.text.differences import (
    LONGEST_PARAGRAPH,
    MOST_PARAGRAPHS,
    Gap,
    Paragraph,
    Piece,
    compare,
    compare_line,
    folded,
)


def shown(old: str, new: str) -> list[tuple[str, str]]:
    """Each paragraph as its kind and its pieces: ``=same``, ``-removed``, ``+added``."""
    signs = {"same": "=", "removed": "-", "added": "+"}
    return [(p.kind, " ".join(signs[q.kind] + q.text for q in p.pieces)) for p in compare(old, new)]


def test_every_kind_of_paragraph() -> None:
    assert shown("甲\n今天开会三次\n乙\n丁", "甲\n今天开会四次\n丙") == [
        ("same", "=甲"),
        ("edited", "=今天开会 -三 +四 =次"),
        ("added", "+丙"),
        ("removed", "-乙"),
        ("removed", "-丁"),
    ]
    assert shown("甲", "甲") == [("same", "=甲")]


def test_half_alike_is_edited_and_less_is_not() -> None:
    assert shown("甲乙丙丁", "甲乙戊己") == [("edited", "=甲乙 -丙丁 +戊己")]
    assert shown("甲乙丙丁", "甲戊己庚") == [("added", "+甲戊己庚"), ("removed", "-甲乙丙丁")]


def test_what_stood_before_an_edited_paragraph_is_removed_before_it() -> None:
    assert shown("完全不同\n今天开会三次", "今天开会四次") == [
        ("removed", "-完全不同"),
        ("edited", "=今天开会 -三 +四 =次"),
    ]


def test_beyond_the_bounds_all_is_replaced() -> None:
    many = "\n".join("甲" for _ in range(MOST_PARAGRAPHS))
    assert {p.kind for p in compare(many, many)} == {"same"}
    more = compare(f"{many}\n乙", "丙")
    assert [p.kind for p in more[-2:]] == ["removed", "added"]
    assert (len(more), more[-1].pieces) == (MOST_PARAGRAPHS + 2, (Piece("added", "丙"),))
    long = "甲" * LONGEST_PARAGRAPH
    assert compare_line(long, long) == (Piece("same", long),)
    assert compare_line(long + "甲", long) == (Piece("removed", long + "甲"), Piece("added", long))


def test_single_signs_between_changes_are_not_kept_but_at_an_end() -> None:
    assert compare_line("甲乙丙", "丁乙戊") == (
        Piece("removed", "甲乙丙"),
        Piece("added", "丁乙戊"),
    )
    assert compare_line("甲乙", "甲丙") == (
        Piece("same", "甲"),
        Piece("removed", "乙"),
        Piece("added", "丙"),
    )
    assert compare_line("248家", "255家") == (
        Piece("removed", "248"),
        Piece("added", "255"),
        Piece("same", "家"),
    )
    assert compare_line("", "甲") == (Piece("added", "甲"),)


SAME, EDITED = Paragraph("same", ()), Paragraph("edited", ())


def test_unchanged_stretches_are_folded_around_each_change() -> None:
    gap = Gap((SAME, SAME))
    assert folded([SAME] * 3 + [EDITED] + [SAME] * 3) == [gap, SAME, EDITED, SAME, gap]
    assert folded([EDITED, SAME, SAME], around=2) == [EDITED, SAME, SAME]
    assert folded([SAME, SAME, EDITED], around=0) == [gap, EDITED]
    assert folded([SAME, SAME]) == [gap]
    assert folded([]) == []
