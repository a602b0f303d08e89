"""Who publishes a column and what it is called, by what its page and its address say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from scraper.regions import regions_of
from scraper.sources.definition import Kind, Source

_PARTS = re.compile(
    r"\s?(?:[_|｜—–»>＞·]|\s-|-\s|-{2,}|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fff]))+\s?"
)
_PUBLISHER = re.compile(
    r"人民政府|政府网|政府门户|管委会|管理委员会|(?:[局厅办署]|委员会|办公室|法院|检察院|总队|集团|研究院|大学)(?:网站?|官网)?$|"
    r"(?:新闻网|日报|晚报|广播电视台?|融媒体?(?:中心)?|报社|在线|通讯社|门户网站|官方网站|官网|网站|网)$"
)
_DECORATION = re.compile(
    r"^(?:欢迎(?:访问|光临)|首页)|(?:门户网站|官方网站|官网|网站|门户|首页|欢迎您)$"
)
_ABOVE = frozenset(
    ("首页", "网站首页", "主页", "新闻", "新闻中心", "资讯", "政务公开", "新闻资讯", "当前位置")
)
"""Parts of a title that name what a column lies in."""
_HOST_OF = re.compile(r"(?:主办单位|主办|版权所有)[:：©\s]{0,40}([\u4e00-\u9fff]{4,24})")
_OFFICE = re.compile(r"(?:人民政府)(?:办公[厅室]).*$|(?:版权所有|承办|技术|备案).*$")
_PORTAL = re.compile(r"人民政府(?!.{0,20}[局厅办委])|政府网|管委会|管理委员会|中国[^局厅委]{2,4}$")
_PRESS = re.compile(r"新闻发布|发布会")
_STATE_MEDIA = ("people.com.cn", "people.cn", "news.cn", "xinhuanet.com", "chinanews.com", "chinanews.com.cn", "cnr.cn")  # fmt: skip
_SCANNED = 400_000
"""Characters of a page in which the footer's words are looked for."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a column is called.

    Attributes:
        publisher: whose it is; None where neither page nor address tells.
        column: its own name; None where the page gives none.
        region: GB/T 2260 code; None where nothing tells it.
    """

    publisher: str | None
    column: str | None
    region: str | None


def named_by(url: str, page: str, known: Iterable[Source] = ()) -> Named:
    """Name a column.

    Args:
        url: its address.
        page: its text, empty for an API.
        known: sources of the catalogue: those of the same host lend what the page does not say,
            those of the same domain below gov.cn lend their region.
    """
    same = [source for source in known if _is_of(url, source)]
    own = [source for source in same if _host(url) in map(_host, source.lists)]
    metas, parts, footer = _said(page)
    publisher = metas.get("sitename") or next(filter(_PUBLISHER.search, reversed(parts)), None)
    publisher = publisher or footer
    others = [each for each in parts if each != publisher and each not in _ABOVE]
    column = metas.get("columnname") or next(iter(others), None)
    if not publisher and own:
        publisher = own[0].publisher
    publisher = _clean(publisher) if publisher else None
    region = _region(publisher or "") or _shared_region(same) or _region(column or "")
    return Named(publisher, column if column != publisher else None, region)


def kind_of(url: str, publisher: str, column: str) -> Kind:
    """Kind of publisher, by the host and the words."""
    host = urlsplit(url).hostname or ""
    if _PRESS.search(publisher + column):
        return Kind.PRESS_OFFICE
    if host == "cri.cn" or host.endswith(".cri.cn"):
        return Kind.CRI_REGION
    if any(host == each or host.endswith(f".{each}") for each in _STATE_MEDIA):
        return Kind.STATE_MEDIA_REGION
    if not host.endswith(".gov.cn"):
        return Kind.PROVINCIAL_NEWS
    if _PORTAL.search(publisher):
        return Kind.GOV_PORTAL
    named = publisher and publisher != host
    labels = host.removesuffix(".gov.cn").removeprefix("www.").split(".")
    return Kind.GOV_PORTAL if not named and len(labels) == 1 else Kind.GOV_DEPARTMENT


def _said(page: str) -> tuple[dict[str, str], list[str], str | None]:
    """The names of 《政府网站发展指引》, the parts of the title, and the footer's publisher."""
    if "<" not in page:
        return {}, [], None
    tree = LexborHTMLParser(page[:_SCANNED])
    metas = {
        (node.attributes.get("name") or "").lower(): (node.attributes.get("content") or "").strip()
        for node in tree.css("meta[name]")
    }
    title = tree.css_first("title")
    parts = [part for part in _PARTS.split(" ".join(title.text().split())) if part] if title else []
    found = _HOST_OF.search(tree.body.text(deep=True)) if tree.body else None
    footer = _OFFICE.sub(_without_office, found.group(1)) if found else None
    return {name: value for name, value in metas.items() if value}, parts, footer


def _without_office(found: re.Match[str]) -> str:
    return "人民政府" if found.group().startswith("人民政府") else ""


def _clean(name: str) -> str:
    cleaned = _DECORATION.sub("", name.strip()).strip()
    return cleaned if len(cleaned) >= 3 else name.strip()


def _region(words: str) -> str | None:
    found = regions_of(words, ())
    return found[-1] if found else None


def _is_of(url: str, source: Source) -> bool:
    """Whether a source of the catalogue is of the same host, or of the same domain below gov.cn."""
    here, hosts = _host(url), {_host(address) for address in source.lists}
    domain = _domain(here)
    return here in hosts or (domain is not None and domain in {_domain(host) for host in hosts})


def _shared_region(sources: Iterable[Source]) -> str | None:
    regions = {source.region for source in sources if source.region}
    return regions.pop() if len(regions) == 1 else None


def _domain(host: str) -> str | None:
    """``tj.gov.cn`` for every host below it; None outside gov.cn."""
    labels = host.split(".")
    return ".".join(labels[-3:]) if labels[-2:] == ["gov", "cn"] and len(labels) > 2 else None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
