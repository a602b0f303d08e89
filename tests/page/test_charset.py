"""Bytes to text: what is claimed, what is true, and which wins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.layout.charset import codec_of, declared_charset, decode

TEXT = "西青区举行新闻发布会，介绍镕、昇、鿏三个字的来历。"


def page(label: str, text: str = TEXT) -> str:
    return f'<html><head><meta charset="{label}"></head><body>{text}</body></html>'


@pytest.mark.parametrize(
    ("written", "label", "header", "origin"),
    [
        ("utf-8", "utf-8", None, "meta:utf-8"),
        ("utf-8", "utf-8", "UTF-8", "header:utf-8"),
        ("gb18030", "gb2312", None, "meta:gb18030"),
        ("gb18030", "gbk", "GB2312", "header:gb18030"),
        ("utf-8", "gb2312", None, "trial:utf-8"),  # the declaration lies
        ("utf-8", "gb2312", "gbk", "trial:utf-8"),  # both lie
        ("gb18030", "utf-8", "utf-8", "trial:gb18030"),  # the other lie
        ("utf-8", "iso-8859-1", "iso-8859-1", "trial:utf-8"),  # a server's default
        ("gb18030", "iso-8859-1", None, "trial:gb18030"),
        ("utf-16", "gb2312", None, "bom:utf-16-le"),
        ("utf-8-sig", "gb2312", "gbk", "bom:utf-8"),
        ("utf-16-le", "utf-16", None, "trial:utf-16-le"),  # no mark, but wide
        ("gb18030", "x-unknown-label", None, "trial:gb18030"),
    ],
)
def test_the_reading_that_the_bytes_allow_wins(
    written: str, label: str, header: str | None, origin: str
) -> None:
    found = decode(page(label).encode(written), header)
    assert TEXT in found.text
    assert found.origin == origin


def test_big5_is_read_as_declared() -> None:
    found = decode(page("big5", "港務局宣布動工").encode("big5"))
    assert "港務局宣布動工" in found.text
    assert found.origin == "meta:big5hkscs"


def test_a_source_may_force_its_charset() -> None:
    assert decode(page("x", "港務局").encode("big5"), None, "big5").evidence == "source"


def test_one_bad_byte_costs_one_character() -> None:
    broken = page("utf-8").encode().replace("镕".encode(), b"\xe9\x95")
    found = decode(broken)
    assert found.encoding == "utf-8"
    assert found.text.count("�") == 1
    assert "西青区举行新闻发布会" in found.text


def test_a_page_cut_in_the_middle_of_a_character_is_read() -> None:
    assert "西青区" in decode(page("gb2312").encode("gb18030")[:-20][:101], "gbk").text


@pytest.mark.parametrize(
    ("head", "label"),
    [
        (b'<meta http-equiv="Content-Type" content="text/html; charset=gb_2312-80">', "gb_2312-80"),
        (b"<META CHARSET='GBK'/>", "GBK"),
        (b'<?xml version="1.0" encoding="GB2312"?>', "GB2312"),
        (b"<meta charset = utf-8 >", "utf-8"),
        (b"<p>no declaration</p>", None),
    ],
)
def test_declarations_in_every_spelling(head: bytes, label: str | None) -> None:
    assert declared_charset(head) == label


@pytest.mark.parametrize(
    "label", ["a\0b", "rot13", "unicode_escape", "utf-7", "nonsense", "", None]
)
def test_what_is_no_encoding_of_pages_is_no_claim(label: str | None) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize(
    ("label", "codec"),
    [("Shift_JIS", "shift_jis"), ("windows-1251", "cp1251"), ("EUC-KR", "euc_kr")],
)
def test_other_encodings_of_the_standard(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize("label", ["gb2312", "GBK", " gb_2312-80 ", "x-gbk", "GB18030", "cp936"])
def test_every_gb_label_means_gb18030(label: str) -> None:
    assert codec_of(label) == "gb18030"


@given(st.binary(max_size=400), st.text(max_size=20) | st.none())
def test_any_bytes_and_any_label_are_read(data: bytes, label: str | None) -> None:
    assert isinstance(decode(data, label).text, str)


@given(st.text(alphabet=st.characters(codec="gb18030"), min_size=1), st.sampled_from(["gbk", None]))
def test_text_written_as_utf8_is_never_misread(text: str, header: str | None) -> None:
    assert decode((page("gb2312") + text + "汉").encode("utf-8"), header).text.endswith(text + "汉")
