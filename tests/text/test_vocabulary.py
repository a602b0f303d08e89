"""Lists of words as they are read, and as patterns."""

from __future__ import annotations

import re

import pytest

from scraper.text import vocabulary


def test_words_come_once_and_in_order() -> None:
    common = vocabulary.words("surnames", "common")
    both = vocabulary.words("surnames", "common", "rare", "common")
    assert both[: len(common)] == common
    assert len(set(both)) == len(both)
    with pytest.raises(KeyError):
        vocabulary.words("surnames", "none")


def test_signs_are_single() -> None:
    assert {len(sign) for sign in vocabulary.signs("surnames", "common")} == {1}
    assert "欧阳" in vocabulary.words("surnames", "compound")
    assert {"欧", "阳"} <= vocabulary.signs("surnames", "compound")


def test_an_alternation_takes_the_longest_and_means_what_is_written() -> None:
    pattern = vocabulary.one_of(["日报", "a.b", "日报社", "日报"])
    assert sorted(pattern.split("|")) == ["a\\.b", "日报", "日报社"]
    assert re.match(pattern, "日报社")[0] == "日报社"
    assert not re.fullmatch(pattern, "axb")
