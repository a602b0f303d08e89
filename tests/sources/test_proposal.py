"""Looking at an unknown column: what is proposed is valid, short and takes its links."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.listing import Link, Listing, read_listing
from scraper.sources import Source, load_catalogue
from scraper.sources.proposal import Proposal, propose, propose_id


def look(url: str, rows: str, head: str = "", **given: str) -> Proposal:
    page = f"<html><head>{head}</head><body><ul>{rows}</ul></body></html>"
    return propose(url, page, read_listing(page.encode(), url), **given)  # type: ignore[arg-type]


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


TITLED = "<title>{}</title>"


@pytest.mark.parametrize(
    ("title", "url", "publisher", "name", "kind", "region"),
    [
        ("工作动态 - 青川县人民政府", "http://www.qc.gov.cn/xw/", "青川县人民政府", "青川县人民政府·工作动态", "gov-portal", "510822"),
        ("新闻发布会_青岛市人民政府门户网站", "http://www.qd.gov.cn/x/", "青岛市人民政府", "青岛市人民政府·新闻发布会", "press-office", "370200"),
        ("河北省自然资源厅-要闻", "https://zrzy.he.gov.cn/x/", "河北省自然资源厅", "河北省自然资源厅·要闻", "gov-department", "130000"),
        ("首页 > 新闻中心 > 西青要闻 | 天津市西青区人民政府网站", "http://www.x.gov.cn/x/", "天津市西青区人民政府", "天津市西青区人民政府·西青要闻", "gov-portal", "120111"),
        ("要闻", "http://www.y.gov.cn/yw/", "www.y.gov.cn", "www.y.gov.cn·要闻", "gov-portal", None),
        ("要闻", "http://tyj.y.gov.cn/yw/", "tyj.y.gov.cn", "tyj.y.gov.cn·要闻", "gov-department", None),
        ("热点-金华新闻网", "http://www.jhnews.com.cn/x/", "金华新闻网", "金华新闻网·热点", "provincial-news", None),
        ("要闻--人民网", "http://tj.people.com.cn/x/", "人民网", "人民网·要闻", "state-media-region", None),
    ],
)  # fmt: skip
def test_title_and_address_name_publisher_kind_and_region(
    title: str, url: str, publisher: str, name: str, kind: str, region: str | None
) -> None:
    source = look(url, TRS, TITLED.format(title)).source
    assert (source.publisher, source.name) == (publisher, name)
    assert (source.kind, source.region) == (kind, region)


def test_the_footer_and_the_catalogue_name_what_the_title_does_not() -> None:
    rows = TRS + "<p>主办单位：青川县人民政府办公室　承办单位：青川县大数据中心</p>"
    source = look("http://www.qc.gov.cn/xw/", rows, TITLED.format("工作动态")).source
    assert (source.publisher, source.region) == ("青川县人民政府", "510822")
    page = f"<title>要闻</title><ul>{TRS}</ul>"
    url = "http://sthj.tj.gov.cn/xw/"
    known = load_catalogue()
    there = propose(url, page, read_listing(page.encode(), url), known).source
    assert there.region == "120000"
    url = "https://www.tj.gov.cn/sy/other/"
    same = propose(url, page, read_listing(page.encode(), url), known).source
    assert (same.publisher, same.region) == (known.get("tianjin.gov.jrgz").publisher, "120000")


def test_links_to_others_are_no_hosts_of_the_column() -> None:
    few = "".join(
        f"<li><a href='http://www.people.com.cn/n1/2026/0924/c1-{n}0000.html'>人民网的第{n}条消息</a><span>2026-09-24</span></li>"
        for n in range(2)
    )
    assert look("http://www.tjxq.gov.cn/xqyw/", few).source.hosts == ()
    assert look("http://www.tjxq.gov.cn/xqyw/", TRS + few).source.hosts == ()
    many = "".join(few.replace("/c1-", f"/c{n}-") for n in range(3, 9))
    assert look("http://www.tjxq.gov.cn/xqyw/", many).source.hosts == ("people.com.cn",)


@pytest.mark.parametrize(
    ("addresses", "allow"),
    [
        ([f"/xw/info/1019/{n}.htm" for n in range(9)], (r"/info/\d+/\d+\.html?",)),
        ([f"/qh/col/col7/content/content_19512{n}.html" for n in range(9)], (r"/content_\d+\.s?html?",)),
        ([f"/col/col7/art/2026/art_{n:032x}.html" for n in range(9)], (r"/art/\d{4}/art_[0-9a-f]{32}\.html",)),
        ([f"/news/show.php?id={n}" for n in range(9)], (r"/news/show\.php\?id=\d+$",)),
        ([f"/a/v{n}/p{n}.jsp" for n in range(9)], (r"/v\d+/p\d+\.jsp$",)),
        (
            [f"/202609/t20260924_{n}.html" for n in range(6)] + [f"/art/2026/9/24/art_1_{n}.html" for n in range(3)],
            (r"/\d{6}/t\d{8}_\d+\.s?html?", r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html"),
        ),
    ],
)  # fmt: skip
def test_the_patterns_accept_the_rows(addresses: list[str], allow: tuple[str, ...]) -> None:
    rows = "".join(
        f"<li><a href='{address}'>清河区召开第{n}次专题会议部署</a><span>2026-09-24</span></li>"
        for n, address in enumerate(addresses)
    )
    proposal = look("http://www.tjxq.gov.cn/xqyw/", rows)
    assert proposal.source.allow == allow
    assert len(proposal.accepted) == len(addresses)


@given(st.lists(st.from_regex(r"/[a-z]{1,4}/[a-z0-9_.?=-]{1,12}", fullmatch=True), min_size=1, max_size=12, unique=True))  # fmt: skip
def test_whatever_the_addresses_are_the_patterns_accept_nearly_all(paths: list[str]) -> None:
    url = "http://www.tjxq.gov.cn/xqyw/"
    links = tuple(Link(f"http://www.tjxq.gov.cn{path}", "清河区召开专题会议") for path in paths)
    proposal = propose(url, "", Listing(links, None, "html"))
    assert len(proposal.accepted) >= 0.95 * len(links)


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
