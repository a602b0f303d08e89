"""A source's own selectors win over every other layer."""

from __future__ import annotations

from scraper.page import FieldRules, parse_page

HTML = """<html><head><title>别的题目_某网</title><meta name="ArticleTitle" content="别的题目">
<meta name="PubDate" content="2020-01-01 08:00"></head><body>
<div class="kk">引题</div><h2 class="t">水务局通报汛情 | 专栏</h2><div class="st">副题</div><i class="d">2024-05-06 07:08</i>
<b class="s">青川日报</b><b class="w">林远</b><b class="e">周禾</b>
<div id="zoom"><p>这一段不是正文，不是正文，不是正文，不是正文，不是正文，不是正文。</p></div>
<div class="real"><p>青川市水务局今天上午召开新闻通气会，通报水库调度的情况。</p><p class="out">赞助商的话。</p></div></body></html>"""

RULES = FieldRules(
    title=(".none", "h2.t"),
    subtitle=(".st",),
    kicker=(".kk",),
    source=(".s",),
    author=(".w",),
    editor=(".e",),
    published_at=(".d",),
    body=(".real",),
    drop=(".real .out",),
    default_region="120000",
    title_suffix=("专栏",),
)


def test_selectors_win() -> None:
    release = parse_page(HTML.encode(), "http://a.cn/1.html", rules=RULES)
    assert release.title == "水务局通报汛情"
    assert (release.kicker, release.subtitle) == ("引题", "副题")
    assert (release.source, release.author, release.editor) == ("青川日报", "林远", "周禾")
    assert str(release.published_at) == "2024-05-06 07:08:00+08:00"
    assert release.paragraphs == ("青川市水务局今天上午召开新闻通气会，通报水库调度的情况。",)
    assert release.region == ("120000",)
    assert release.origins["paragraphs"] == "rules:.real"


def test_a_selector_may_name_a_meta_element() -> None:
    rules = FieldRules(title=('meta[name="ArticleTitle"]',))
    assert parse_page(HTML.encode(), "http://a.cn/1.html", rules=rules).title == "别的题目"


def test_a_selector_that_finds_nothing_leaves_the_field_to_the_layers() -> None:
    rules = FieldRules(title=(".gone",), body=(".gone",), published_at=(".gone",))
    release = parse_page(HTML.encode(), "http://a.cn/1.html", rules=rules)
    assert release.title
    assert release.published_at is not None
