"""Where the headline of a release comes from that is a file and nothing else."""

from __future__ import annotations

import pytest

from scraper.errors import NoHeadline
from scraper.visit.document import Headlines, document_release

URL = "http://www.qingchuan.test/att/1.pdf"
WHOLE = "青川市二〇二四年防汛抗旱工作方案"


@pytest.mark.parametrize(
    ("headlines", "title", "origin"),
    [
        (Headlines(row=WHOLE, heading="别的"), WHOLE, "list row"),
        (Headlines(row=f"{WHOLE}.pdf"), WHOLE, "list row"),
        (Headlines(row="青川市二〇二四年防汛…", heading=WHOLE), WHOLE, "document heading"),
        (
            Headlines(row="青川市二〇二四年防汛…", heading="别的"),
            "青川市二〇二四年防汛…",
            "list row",
        ),
        (Headlines(known=WHOLE, known_by="document heading"), WHOLE, "document heading"),
        (Headlines(known=WHOLE, known_by="list row", heading="别的"), WHOLE, "list row"),
        (Headlines(known=WHOLE, heading="别的"), WHOLE, "archive"),
        (
            Headlines(heading=f"{WHOLE[:7]}\n {WHOLE[7:]}"),
            f"{WHOLE[:7]} {WHOLE[7:]}",
            "document heading",
        ),
        (Headlines(name=f"{WHOLE}.pdf"), WHOLE, "file name"),
    ],
)
def test_headlines(headlines: Headlines, title: str, origin: str) -> None:
    release = document_release(URL, headlines)
    assert (release.title, release.origins["title"]) == (title, origin)
    assert (release.paragraphs, release.published_at) == ((), None)
    assert [each.url for each in release.attachments] == [URL]


@pytest.mark.parametrize("name", [None, "P020241108.pdf", "1.pdf", "附件.pdf"])
def test_nothing_is_made_up(name: str | None) -> None:
    with pytest.raises(NoHeadline):
        document_release(URL, Headlines(name=name))
