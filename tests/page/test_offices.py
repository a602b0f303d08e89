"""Pages of government offices: who issued a release, and where their templates put it."""

from __future__ import annotations

import pytest

from tests.page.article import TEXT, article, paragraphs, read


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("时间：2024-05-06 来源：中小企业处 字体：大中小", "中小企业处"),
        ("来源：青川日报 大 中 小", "青川日报"),
        ("2024-05-06 10:20　来源：青川日报　Font Size: <a>A+</a> <a>A-</a>", "青川日报"),
        ("2024-05-06（来源：青川发布）Views: 120 Print", "青川发布"),
        ("<li>信息提供：青川日报社</li><li>2024-05-06</li>", "青川日报社"),
        ("<li>报送单位：市水务局</li><li>2024-05-06</li>", "市水务局"),
    ],
)
def test_where_a_source_ends(line: str, source: str) -> None:
    assert article(above=f"<ul>{line}</ul>").source == source


@pytest.mark.parametrize(
    ("line", "source", "author"),
    [
        ("2024-05-06 <span>供稿：机关党委</span>", "机关党委", None),
        ("2024-05-06 <span>供稿：宣传科 柳青</span>", None, "柳青"),
        ("2024-05-06 <span>供稿：柳青</span>", None, "柳青"),
        ("2024-05-06 <span>来源：青川日报</span> <span>供稿：宣传科</span>", "青川日报", None),
    ],
)
def test_an_office_that_supplied_the_text(
    line: str, source: str | None, author: str | None
) -> None:
    release = article(above=f"<p>{line}</p>")
    assert (release.source, release.author) == (source, author)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("<time>2024-05-06 10:20</time> <em>青川区应急管理局</em>", "青川区应急管理局"),
        ("2024.05.06 星期一 10:20 | 市科协科普部", "市科协科普部"),
        ("<i>发布机构：青川区应急管理局</i><i>2024-05-06</i>", None),
        ("<i>编辑：人大办公室</i><i>2024-05-06</i>", None),
        ("<i>2024-05-06</i><i>青川区人民政府</i>", None),
    ],
)
def test_an_office_beside_the_date_without_a_label(line: str, source: str | None) -> None:
    head = "<title>内涝点整治提速</title><meta name='SiteName' content='青川区人民政府'>"
    text = f"<h1>内涝点整治提速</h1><p>{line}</p><div>{paragraphs(*TEXT)}</div>"
    assert read(f"<div>{text}</div>", head=head).source == source


def test_labels_alone_in_their_elements_beside_the_text() -> None:
    column = "<dl><dt>发布时间</dt><dd>2024-05-06</dd><dt>信息来源</dt><dd>区应急管理局</dd></dl>"
    release = article(below=f"<div>{column}</div>")
    assert release.source == "区应急管理局"
    assert release.published_at is not None
    assert release.published_at.date().isoformat() == "2024-05-06"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("（青川县人民检察院  柳 青）", "柳青"),
        ("（市水务局　柳青　程明）", "柳青 程明"),
        ("（青川县人民检察院）", None),
        ("（此件公开发布）", None),
    ],
)
def test_the_named_and_their_office_at_the_end(line: str, author: str | None) -> None:
    assert article(inside=f"<p>{line}</p>").author == author


def test_a_title_that_names_the_column_yields_to_the_heading() -> None:
    text = f"<h2>市政协开展送医下乡活动</h2><div>{paragraphs(*TEXT)}</div>"
    release = read(f"<div>{text}</div>", head="<title>青川市政协 委员风采</title>")
    assert release.title == "市政协开展送医下乡活动"
    assert release.paragraphs == TEXT


def test_a_headline_parted_from_the_date_by_a_line_break() -> None:
    line = "<span>县教育局研究校园安全工作</span><br><span>[ 2013-04-26 ]</span> 阅读 31 次"
    markup = f"<div>{line}<div>{paragraphs(*TEXT)}</div></div>"
    assert read(markup, head="<title>青川教育网</title>").title == "县教育局研究校园安全工作"
