"""An article outweighs the words of a check; a check shows none of what an article consists of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.evidence import CHECK_WORDS, shows_article, shows_content, visible_text

HEADLINE = "青川县开展食品安全检测"
SOURCE = "<p>来源：青川日报</p>"
TOLD = "<p>县市场监管局组织三个检查组，对辖区学校食堂开展食品安全检测，发现隐患十二处。</p>"
TITLED = f"<title>{HEADLINE}_青川县人民政府</title>"


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (f"<h1>{HEADLINE}</h1>{SOURCE}{TOLD}", True),
        (f"<h1>{HEADLINE}</h1><i>2026年9月1日</i>{TOLD}", True),
        (f"{TITLED}<div>青川县开展<b>食品</b>安全检测</div>{SOURCE}{TOLD}", True),
        (f"{TITLED}{SOURCE}{TOLD}", False),
        (f"<h1>青川县建设网站防火墙保障网络安全</h1>{SOURCE}{TOLD}", True),
        (f"<h1>{HEADLINE}</h1>{TOLD}", False),
        (f"<h1>{HEADLINE}</h1>{SOURCE}", False),
        (f"<h1>安全检测</h1>{SOURCE}{TOLD}", False),
        (f"<!--<h1>{HEADLINE}</h1>{SOURCE}{TOLD}-->", False),
        (f"<script>var a={{'title':'{HEADLINE}','text':'{SOURCE}{TOLD}'}}</script>", True),
        ("<script>{'docTitle':'" + HEADLINE.encode("unicode_escape").decode() + f"'}}{SOURCE}{TOLD}</script>", True),
        ("<h1>网站防火墙提醒您注意安全</h1><p>时间：2026-09-01</p><p>您的访问请求可能对网站造成威胁，请求已被管理员设置拦截。</p>", False),
        ("<h2>当前访问存在异常行为</h2><p>2026-09-01</p><p>由于该请求含有恶意参数，疑似黑客攻击，本次访问已被阻断。</p>", False),
        ("<h2>浏览器安全检查</h2>正在进行安全检查，请稍候…", False),
    ],
)  # fmt: skip
def test_what_shows_an_article(page: str, *, shown: bool) -> None:
    assert shows_article(page) is shown
    assert CHECK_WORDS.search(page)
    assert not shown or shows_content(page)


def test_visible_text_leaves_out_what_is_hidden() -> None:
    page = (
        "<title>a</title>b<!-- c --><script>d</script><style>e</style><i>f</i><script>never closed"
    )
    assert visible_text(page) == "bf"


@given(
    st.lists(
        st.sampled_from(
            [
                "<!--",
                "-->",
                "<script>",
                "</script",
                "<h1",
                "<title>",
                "<",
                "来源：甲乙",
                "。",
                "甲" * 9,
                "{",
            ]
        )
    )
)
def test_any_markup_is_survived(pieces: list[str]) -> None:
    page = "".join(pieces)
    assert not shows_article(page) or shows_content(page)
