"""A record that was stored and read back is the record that its digest covers."""

from __future__ import annotations

import pytest

from scraper.record.release import Release
from scraper.record.serial import agrees, from_columns, record_digest, to_columns


@pytest.mark.parametrize("paragraphs", [
    ("一\u2028二", "三"), ("一\n二",), ("一\x85二", "三\x0b四"), ("\u2028",), ("",), (), ("一", ""),
])  # fmt: skip
def test_what_is_read_back_has_the_digest_of_what_was_stored(paragraphs: tuple[str, ...]) -> None:
    release = Release(title="题", paragraphs=paragraphs, url="https://qingchuan.example/1")
    row = to_columns(release)
    documents = {name: getattr(value, "obj", value) for name, value in row.items()}
    assert agrees(record_digest(release), from_columns(release.url, documents))


def test_a_digest_from_before_agrees_with_what_is_read_back() -> None:
    release = Release(title="题", paragraphs=("一\n二", "三"), url="https://qingchuan.example/1")
    digest = bytes.fromhex("02d31a60f4a1b291c5b615be77d05a71b03d9bbe9676f3f1552b32eb8ad89828e0")
    assert agrees(digest, release)
