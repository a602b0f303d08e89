"""References are read as the URL Standard has it; where RFC 3986 agrees, their spelling stays."""

from __future__ import annotations

import re

import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.urls import join, resolve
from scraper.urls.reference import MAX_LENGTH

PAGE = "http://www.example.gov.cn/xw/bdyw/index.html?x=1"
SITE = "http://www.example.gov.cn"
PIECES = st.sampled_from(
    ["/", "//", "///", "./", "../", "\\", "\t", "\n", "\r\n", "\x01", "a", "b-c", "t1.html", ".", "?", "id=1", "&p=2", "#x",
     "http:", "https:", "http://", "http:///", "m.cn", "www.a.gov.cn", ":80", ":", "要闻", " ", "%20", "%2e", "@", "_", ";v=1",
     "\ud800", "\udc00", "[", "javascript:"]
)  # fmt: skip
REFERENCES = st.lists(PIECES, max_size=8).map("".join)


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("\\xw\\1000.html", f"{SITE}/xw/1000.html"),
        ("..\\1000.html", f"{SITE}/xw/1000.html"),
        ("http:\\\\www.a.gov.cn\\1.html", "http://www.a.gov.cn/1.html"),
        ("///www.a.gov.cn/1.html", "http://www.a.gov.cn/1.html"),
        ("http:///www.a.gov.cn/1.html", "http://www.a.gov.cn/1.html"),
        ("http:/1.html", f"{SITE}/1.html"),
        ("http:1.html", f"{SITE}/xw/bdyw/1.html"),
        ("/xw/10\r\n\t00.html", f"{SITE}/xw/1000.html"),
        (" \u3000/xw/1.html\u3000", f"{SITE}/xw/1.html"),
        ("/a/%2E%2e/1.html", f"{SITE}/1.html"),
        ("/\ud83d.html", f"{SITE}/%EF%BF%BD.html"),
        ("/要闻.html?a='b'", f"{SITE}/要闻.html?a='b'"),
        ("/a b.pdf", f"{SITE}/a b.pdf"),
        ("//m.cn", "http://m.cn"),
        ("http://[x", None),
        ("javascript:void(0)", None),
        ("mailto:a@b.cn", None),
        ("", None),
        ("/" + "a" * MAX_LENGTH, None),
    ],
)
def test_a_reference_leads_where_a_browser_goes(reference: str, address: str | None) -> None:
    assert resolve(PAGE, reference) == address


@pytest.mark.parametrize(
    ("encoding", "query"),
    [
        ("gb18030", "class=%D2%AA%CE%C5&id=1"),
        ("big5hkscs", "class=%ADn%BBD&id=1"),
        ("utf-8", "class=要闻&id=1"),
        ("utf-16-le", "class=要闻&id=1"),
        ("no-such-codec", "class=要闻&id=1"),
    ],
)
def test_a_query_is_written_in_the_encoding_of_its_page(encoding: str, query: str) -> None:
    given_query = "class=要闻" if encoding != "big5hkscs" else "class=要聞"
    assert resolve(PAGE, f"/要.asp?{given_query}&id=1#要", encoding) == f"{SITE}/要.asp?{query}#要"


def test_what_the_encoding_lacks_is_written_as_its_number() -> None:
    assert resolve(PAGE, "?a=한", "gb18030") == f"{SITE}/xw/bdyw/index.html?a=%26%2354620%3B"


@given(REFERENCES)
def test_every_reference_is_read_as_by_the_standards_own_parser(reference: str) -> None:
    ours = resolve(PAGE, reference)
    whole = reference.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    try:
        theirs = ada_url.join_url(PAGE, whole) if whole else ""
    except ValueError:
        theirs = ""
    if ours is None:
        assert not theirs.startswith(("http://", "https://"))
        return
    try:
        assert _with_query(ada_url.normalize_url(ours)) == _with_query(theirs)
    except ValueError:  # a host that cannot be: kept, to be refused where it is asked for
        assert theirs == ""


def _with_query(address: str) -> str:
    """Without the mark of an empty query or fragment, which urllib drops and no server minds."""
    return re.sub(r"\?(?=#|$)", "", address).rstrip("#")


@given(st.text(), st.text())
def test_any_text_is_survived_and_what_comes_out_can_be_written(base: str, reference: str) -> None:
    for address in (resolve(base, reference), join(base, reference)):
        (address or "").encode()


@given(REFERENCES)
def test_a_joined_address_is_ascii(reference: str) -> None:
    assert join(PAGE, reference).isascii()


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("gb18030", "?w=%D6%D0&p=1"),
        ("gbk", "?w=%D6%D0&p=1"),
        ("big5", "?w=%A4%A4&p=1"),
        ("ascii", "?w=%26%2320013%3B&p=1"),
        ("latin-1", "?w=%26%2320013%3B&p=1"),
    ],
)
def test_a_query_is_written_in_the_documents_encoding(encoding: str, written: str) -> None:
    for read in (resolve, join):
        assert read(PAGE, "/s?w=中&p=1#x", encoding) == f"{SITE}/s{written}#x"


@pytest.mark.parametrize("encoding", ["utf-8", "utf8", "utf-16-le", "no-such-encoding"])
def test_in_unicode_it_stays_and_an_address_is_escaped_as_utf_8(encoding: str) -> None:
    assert resolve(PAGE, "/s?w=中", encoding) == f"{SITE}/s?w=中"
    assert join(PAGE, "/s?w=中", encoding) == f"{SITE}/s?w=%E4%B8%AD"


def test_what_is_read_as_browsers_do_is_written_in_the_documents_encoding_too() -> None:
    assert resolve(PAGE, "\\s?w=中", "gb18030") == f"{SITE}/s?w=%D6%D0"


def test_a_path_is_utf_8_whatever_the_document_is() -> None:
    assert join(PAGE, "/中.html", "gb18030") == f"{SITE}/%E4%B8%AD.html"
    assert resolve(PAGE, "/中.html", "gb18030") == f"{SITE}/中.html"


def test_without_an_encoding_it_is_utf_8() -> None:
    assert resolve(PAGE, "/s?w=中") == f"{SITE}/s?w=中"
    assert join(PAGE, "/s?w=中") == f"{SITE}/s?w=%E4%B8%AD"


@pytest.mark.parametrize("reference", ["", " \u3000", "http://[x", "a" * (MAX_LENGTH + 1)])
def test_what_means_nothing_leads_nowhere(reference: str) -> None:
    assert join(PAGE, reference) == ""
    assert resolve(PAGE, reference) is None


def test_a_whole_address_needs_no_document() -> None:
    for base in ("", "http://[broken", "nothing"):
        assert join(base, "http://www.a.gov.cn/1.html") == "http://www.a.gov.cn/1.html"
        assert join(base, "1.html") == ""
    for base in ("", "nothing"):
        assert resolve(base, "http://www.a.gov.cn/1.html") == "http://www.a.gov.cn/1.html"
        assert resolve(base, "1.html") is None
        assert resolve(base, "/1.html") is None


def test_only_blanks_around_a_reference_go() -> None:
    assert join(PAGE, "\u3000\x0b/1.html \f") == f"{SITE}/1.html"
    assert join(PAGE, "/1.html\u2003") == f"{SITE}/1.html%E2%80%83"
