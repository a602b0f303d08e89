"""Looking at an unknown column: what is proposed is valid, short and takes its links."""

from __future__ import annotations

import tomllib

import pytest

from scraper.listing import read_listing
from scraper.sources import Source
from scraper.sources.proposal import Proposal, propose, propose_id


def look(url: str, rows: str, head: str = "", **given: str) -> Proposal:
    page = f"<html><head>{head}</head><body><ul>{rows}</ul></body></html>"
    return propose(url, page, read_listing(page.encode(), url), **given)


TRS = "".join(
    f"<li><a href='./202609/t20260924_{n}.html'>清河区召开第{n}次专题会议</a><span>2026-09-24</span></li>" for n in range(12)
) + "<li><a href='http://shop.example.com/ad12345.html'>广告位招租请联系我们</a><span>2026-09-24</span></li>"  # fmt: skip
METAS = '<meta name="SiteName" content="天津市西青区人民政府"><meta name="ColumnName" content="西青要闻">'


def test_a_government_column() -> None:
    proposal = look("http://www.tjxq.gov.cn/xqyw/", TRS, METAS)
    source = proposal.source
    assert source.id == "tjxq.gov.xqyw"
    assert source.name == "天津市西青区人民政府·西青要闻"
    assert source.kind == "gov-portal"
    assert source.region == "120111"
    assert source.allow == (r"/\d{6}/t\d{8}_\d+\.s?html?",)
    assert len(proposal.accepted) == 12
    assert proposal.listing.next_url == "http://www.tjxq.gov.cn/xqyw/index_1.html"


def test_the_definition_is_short_and_reads_back() -> None:
    proposal = look("http://www.tjxq.gov.cn/xqyw/", TRS, METAS)
    assert len(proposal.toml.splitlines()) <= 12
    assert Source.model_validate(tomllib.loads(proposal.toml)) == proposal.source


def test_what_the_user_knows_better() -> None:
    proposal = look(
        "http://www.tjxq.gov.cn/xqyw/",
        TRS,
        id="my.id",
        name="我的",
        region="120000",
        kind="press-office",
    )
    assert (proposal.source.id, proposal.source.name) == ("my.id", "我的")
    assert (proposal.source.region, proposal.source.kind) == ("120000", "press-office")
    with pytest.raises(ValueError, match="region"):
        look("http://www.tjxq.gov.cn/xqyw/", TRS, region="tianjin")


def test_articles_on_another_host_of_the_publisher() -> None:
    rows = "".join(
        f"<li><a href='http://news.qh.cn/2026-09/24/content_{n}.htm'>第{n}条新闻的标题</a></li>"
        for n in range(9)
    )
    source = look("http://www.qh.cn/yw/", rows).source
    assert source.hosts == ("news.qh.cn",)
    assert source.allow == (r"/content_\d+\.s?html?",)


def test_press_offices_and_departments_are_told_apart() -> None:
    title = "<title>{}</title>"
    assert (
        look("http://www.a.gov.cn/x/", TRS, title.format("新闻发布会_甲省人民政府")).source.kind
        == "press-office"
    )
    bureau = '<meta name="SiteName" content="河北省自然资源厅">'
    assert look("http://zrzy.a.gov.cn/x/", TRS, bureau).source.kind == "gov-department"
    assert look("http://news.a.cn/x/", TRS).source.kind == "provincial-news"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://www.tj.gov.cn/sy/jrgz/", "tj.gov.jrgz"),
        ("https://zrzy.hebei.gov.cn/heb/xinwen/stdt/index.html", "hebei.zrzy.stdt"),
        ("https://city.cri.cn/list/tj", "cri.city.tj"),
        ("http://www.a.cn/", "a.home"),
        ("http://www.a.gov.cn/col/col_77/index.html?x=1", "a.gov.col-77"),
    ],
)
def test_ids(url: str, expected: str) -> None:
    assert propose_id(url) == expected
