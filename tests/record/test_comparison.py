"""What moves from look to look though nobody edited anything is no part of the comparison."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scraper.record.comparison import unsigned
from scraper.record.counters import is_counter
from scraper.record.release import Attachment, Image, Release
from scraper.record.serial import record_digest

BASE = Release("标题", ("正文。",), "https://a.example/1.html")


@pytest.mark.parametrize(
    "line",
    [
        "128人点赞", "下载次数：35", "已读 77", "阅读量:1.2万", "浏览次数：１２３", "3.2万次浏览", "（阅读 302）",
        "阅读 1.2万 | 评论 3", "点赞12 收藏3", "35人已读", "下载（5）次", "共20条评论", "点击数: 1,024 次", "广告", "【推广】",
        "已有56人觉得很赞",
    ],
)  # fmt: skip
def test_a_line_of_counters_is_none_of_the_text(line):
    assert is_counter(line)


@pytest.mark.parametrize(
    "line",
    [
        "全市有128人获评先进。", "下载专区", "阅读推广活动", "2026", "三是广告监管。", "参观人次达3.2万人次，同比增长5%。",
        "关注民生", "阅读下列材料", "报名人数：35", "10月8日", "收藏家3人到场", "",
    ],
)  # fmt: skip
def test_a_line_of_text_is_no_counter(line):
    assert not is_counter(line)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/1.jpg?Expires=1700000000&OSSAccessKeyId=k&Signature=a%3D", "https://a.example/1.jpg?Expires=1&OSSAccessKeyId=k&Signature=b"),
        ("https://a.example/1.jpg?auth_key=1700000000-0-0-abc", "https://a.example/1.jpg?auth_key=1700000300-0-0-def"),
        ("https://a.example/f.pdf?id=5&t=1700000000123", "https://a.example/f.pdf?id=5&t=1700000009999"),
        ("https://a.example/f.pdf?0.73519462", "https://a.example/f.pdf?0.11122233"),
        ("https://a.example/202610081200/0123456789abcdef0123456789abcdef/p/1.jpg", "https://a.example/202610081300/fedcba9876543210fedcba9876543210/p/1.jpg"),
        ("https://a.example/1.jpg?X-Amz-Date=1&X-Amz-Signature=2&w=3", "https://a.example/1.jpg?X-Amz-Date=9&X-Amz-Signature=8&w=3"),
    ],
)  # fmt: skip
def test_signatures_are_no_difference(one, other):
    assert unsigned(one) == unsigned(other)
    digests = [
        record_digest(replace(BASE, images=(Image(url),), attachments=(Attachment(url),)))
        for url in (one, other)
    ]
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/f.pdf?id=5", "https://a.example/f.pdf?id=6"),
        ("https://a.example/f.pdf?v=2", "https://a.example/f.pdf?v=3"),
        ("https://a.example/20261008/1.jpg", "https://a.example/20261009/1.jpg"),
    ],
)
def test_another_file_is_a_difference(one, other):
    assert unsigned(one) != unsigned(other)


def test_counters_are_no_difference_and_a_word_is():
    counted = replace(BASE, paragraphs=("正文。", "128人点赞", "下载次数：35"))
    assert record_digest(counted) == record_digest(BASE)
    assert record_digest(replace(BASE, paragraphs=("正文！",))) != record_digest(BASE)
