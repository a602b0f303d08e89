"""A release that only points at its files says nothing of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive import Observation
from scraper.archive.duplicates.fingerprint import fingerprint
from scraper.archive.duplicates.own_text import CERTAINLY_OWN, LONGEST_POINTER, has_own_text
from scraper.archive.observations.preparation import prepare
from scraper.record.release import Attachment, Release

from .conftest import MORNING

NAMES = ("实施细则.docx", None, "", "实施细则")


@pytest.mark.parametrize(
    ("paragraphs", "own"),
    [
        ((), False),
        (("", "　"), False),
        (("附件：实施细则.docx",), False),
        (("请点击下载附件1：《实施细则》。", "实施细则.docx"), False),
        (("附件：甲乙丙",), False),  # three signs are left
        (("附件：甲乙丙丁",), True),
        (("现印发给你们，遵照执行。", "附件：实施细则.docx"), True),
        (("附件" * (LONGEST_POINTER // 2),), False),
        (("附件" * (LONGEST_POINTER // 2) + "附",), True),
    ],
)
def test_what_is_left_without_names_and_pointers(paragraphs: tuple[str, ...], *, own: bool) -> None:
    assert has_own_text(paragraphs, NAMES) is own


def test_a_name_inside_a_longer_one_is_taken_off_after_it() -> None:
    assert not has_own_text(("春江水暖鸭先知",), ("春江", "春江水暖鸭先知"))
    assert has_own_text(("春江水暖鸭先知",), ("春江",))
    assert not has_own_text(("關於防汛",), ("关于防汛",))


@given(
    st.lists(st.text("防汛通知附件下载 。，\n.3-²ｅé\u0301關閉", max_size=40), max_size=40),
    st.lists(st.sampled_from(["防汛通知", "附件", "關閉"]), max_size=2),
)
def test_a_long_text_is_its_own_before_it_is_asked(paragraphs, names):
    """The fingerprint is that of before a long text's normal form was made once only."""
    files = tuple(Attachment(f"https://a.example/{name}.pdf", name) for name in names)
    release = Release(
        title="通知", paragraphs=tuple(paragraphs), url="https://a.example/1", attachments=files
    )
    prepared = prepare(Observation("a", release.url, release, MORNING), {})
    own = release.paragraphs if has_own_text(paragraphs, names) else ()
    assert prepared.fingerprint == fingerprint("通知", own, release.url, MORNING.date())
    assert len(prepared.fingerprint.text) <= CERTAINLY_OWN or own
