"""Citations state what the archive knows, in the forms of their standards."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace

import pytest

from scraper.clock import SHANGHAI
from scraper.record.citation import Cited, Style, cite
from scraper.record.release import Release

DIGEST = "ab" * 32
RELEASE = Release(
    title="青川市50% & 供热_会议",
    paragraphs=("文",),
    url="https://qingchuan.example/a_{1}.html",
    source="青川日报",
    published_at=dt.datetime(2026, 11, 16, 0, 30, tzinfo=SHANGHAI),
)
SEEN = dt.datetime(2026, 11, 27, 17, 0, tzinfo=dt.UTC)  # the 28th in Shanghai
CITED = Cited(RELEASE, "青川市人民政府", 8, SEEN, DIGEST)


def test_gbt_7714() -> None:
    assert cite(CITED, Style.gbt7714) == (
        "青川日报. 青川市50% & 供热_会议[EB/OL]. 青川市人民政府, (2026-11-16)[2026-11-28]. "
        f"https://qingchuan.example/a_{{1}}.html. tonggao snapshot sha256:{DIGEST}."
    )


def test_bibtex_escapes_what_tex_reads() -> None:
    text = cite(CITED, Style.bibtex)
    assert text.startswith("@online{tonggao8,\n")
    assert r"title = {{青川市50\% \& 供热\_会议}}" in text
    assert "urldate = {2026-11-28}" in text
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize(("title", "printed"), [
    ("C:\\x 2^3~", r"C:\textbackslash{}x 2\textasciicircum{}3\textasciitilde{}"),
    ("一}{二", r"一\textbraceright{}\textbraceleft{}二"),
    ("一{", r"一\textbraceleft{}"),
])  # fmt: skip
def test_no_sign_of_a_title_is_a_command_of_tex(title: str, printed: str) -> None:
    text = cite(replace(CITED, release=replace(RELEASE, title=title)), Style.bibtex)
    assert f"title = {{{{{printed}}}}}" in text
    assert text.count("{") == text.count("}")


def test_ris_has_its_tags_in_order() -> None:
    lines = cite(CITED, Style.ris).split("\n")
    assert (lines[0], lines[-1]) == ("TY  - ELEC", "ER  - ")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert "DA  - 2026/11/16" in lines
    assert "Y2  - 2026/11/28" in lines


def test_csl_json() -> None:
    [entry] = json.loads(cite(CITED, Style.csl))
    assert entry["issued"] == {"date-parts": [[2026, 11, 16]]}
    assert entry["accessed"] == {"date-parts": [[2026, 11, 28]]}
    assert entry["author"] == [{"literal": "青川日报"}]
    assert DIGEST in entry["note"]


@pytest.mark.parametrize("style", Style)
def test_what_is_not_known_is_left_out(style: Style) -> None:
    bare = replace(CITED, release=replace(RELEASE, published_at=None, source=None), digest=None)
    text = cite(bare, style)
    assert "None" not in text
    assert "sha256" not in text
    assert "2026-11-16" not in text
    assert "青川市人民政府" in text
