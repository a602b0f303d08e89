"""Stored keys stay valid: the numbers are pinned, against published ones where there are any."""

from __future__ import annotations

import datetime as dt
import hashlib

import numpy as np
import pytest

from scraper.archive.duplicates.fingerprint import (
    BANDS,
    LONGEST_HASHED,
    SHORTEST_NEAR,
    _band_hashes,
    _minima,
    _sentence_hash,
    _stream,
    fingerprint,
)
from scraper.archive.duplicates.normal_text import normalise, sentences

DAY = dt.date(2024, 11, 16)
STORY = "青川市供热指挥部今天召开会议部署检修工作。各热力公司要在月底前完成试压。市民可拨打热线反映问题。"


def test_the_stream_is_splitmix64() -> None:
    """The first numbers for seed 1234567, as they are published with the generator."""
    assert _stream(1234567, 5).tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert _stream(7, 0).dtype == np.uint64


def test_a_sentence_is_known_by_46_bits_of_a_digest_of_its_own() -> None:
    whole = hashlib.blake2b("各热力公司".encode(), digest_size=8, person=b"sentence").hexdigest()
    assert _sentence_hash("各热力公司") == int(whole, 16) >> 18


@pytest.mark.parametrize(
    ("title", "text", "url", "told"),
    [
        ("标题", "", "u", "u\n标题\n"),
        ("标题", "详见附件", "u", "u\n标题\n详见附件"),
        ("标" * 10, "甲" * 13, "u", f"u\n{'标' * 10}\n{'甲' * 13}"),  # 24 signs, the break included
        ("标" * 10, "甲" * 14, "u", f"{'标' * 10}\n{'甲' * 14}"),
        ("标题", "甲" * 59, "u", f"标题\n{'甲' * 59}"),
        ("标题", "甲" * 60, "u", "甲" * 60),
        ("標題", "Ａ" * 60, "u", "a" * 60),
        ("標題", "甲", "u", "u\n标题\n甲"),
    ],
)
def test_what_a_digest_is_made_of(title: str, text: str, url: str, told: str) -> None:
    expected = hashlib.blake2b(told.encode(), digest_size=16).digest()
    assert fingerprint(title, (text,), url, DAY).digest == expected


def test_near_texts_are_looked_for_from_fifty_signs() -> None:
    text = (STORY * 2)[: SHORTEST_NEAR * 2]
    bare = "".join(sentences((text,)))
    assert fingerprint("", (bare[:SHORTEST_NEAR],), "", DAY).keys
    assert fingerprint("", (bare[: SHORTEST_NEAR - 1],), "", DAY).keys == ()


def test_sentences_of_ten_signs_are_keys_eight_at_most_and_the_smallest() -> None:
    parts = [f"第{sign}家单位已经完成检" for sign in "甲乙丙丁戊己庚辛壬癸子丑"]
    assert {len(part) for part in parts} == {10}
    made = fingerprint("", ["。".join(parts)], "", DAY)
    hashes = sorted(_sentence_hash(part) for part in parts)[:8]
    assert [key >> 16 for key in made.keys[BANDS:]] == hashes
    shorter = fingerprint("", ["。".join(part[:9] for part in parts)], "", DAY)
    assert len(shorter.keys) == BANDS


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (dt.date(1970, 1, 1), 0),
        (dt.date(1969, 12, 31), 0),
        (dt.date(1970, 1, 2), 1),
        (dt.date(2149, 6, 6), 65535),
        (dt.date(2149, 6, 7), 65535),
        (dt.date(2300, 1, 1), 65535),
    ],
)
def test_the_low_bits_of_a_key_are_days_since_1970(day: dt.date, number: int) -> None:
    assert {key & 0xFFFF for key in fingerprint("", (STORY * 2,), "", day).keys} == {number}


def test_a_text_meets_under_what_its_beginning_has() -> None:
    long = ("".join(sentences((STORY,))) * 1000)[:LONGEST_HASHED]
    added = "补充内容将于另一日再作通知"
    bands = fingerprint("", (long,), "", DAY).keys[:BANDS]
    assert fingerprint("", (long + added,), "", DAY).keys[:BANDS] == bands
    assert fingerprint("", (long[:-20] + added,), "", DAY).keys[:BANDS] != bands


def test_each_hash_function_takes_its_own_minimum() -> None:
    minima = _minima(STORY)
    assert len(minima) == 125
    assert len(set(minima.tolist())) == 125
    assert (_minima(STORY + "补充") <= minima).all()  # more shingles, no greater minimum
    assert max(_band_hashes(minima)) < 1 << 46


@pytest.mark.parametrize(
    ("paragraphs", "parts"),
    [
        (("甲。乙！丙？丁；戊",), ("甲", "乙", "丙", "丁", "戊")),
        (("甲，乙", "丙"), ("甲乙", "丙")),
        (("气温-3.5℃。",), ("气温-3.5c",)),
        (("。。",), ()),
        ((), ()),
    ],
)
def test_sentences_have_no_signs_between_but_those_of_figures(
    paragraphs: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    assert sentences(paragraphs) == tuple(normalise(part) for part in parts)
    assert "".join(sentences(paragraphs)) == "".join(parts)
