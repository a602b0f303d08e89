"""What every page of a site has and no list of articles is: registrations, help, reports, menus.

They count only against links that state no day. The words and hosts are those that footers of government sites must show (《政府网站发展指引》, the
police registration, the ministry's registration, the mark of public institutions) and those that
were met in their place on stored pages, 2017 to 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORDS = re.compile(
    r"网安备|ICP备|公安备案|备案号|标识码|许可证|找错|纠错|无障碍|适老|长者(?:助手|模式|版)|关怀(?:版|模式)|年度报[表告]|"
    r"互联网\+督查|[“\"]互联网\+|网站地图|联系我们|关于我们|关于本站|关于网站|隐私|免责|法律声明|网站声明|版权|使用帮助|帮助中心|"
    r"举报|投诉|热线|辟谣|不良信息|客户端|小程序|二维码|公众号|微信|微博|依申请公开|公开(?:指南|制度|目录|年报)|信箱$|我要写信|"
    r"设为首页|加入收藏|党政机关|事业单位|友情链接|(?:主办|承办)单位|技术支持|网站支持|监督电话|登录$|注册$|"
    r"(?:网|网站|门户|平台|系统|专区|专栏|频道|大厅|人民政府)$"
)
_HOSTS = re.compile(
    r"(?:^|\.)(?:beian\.gov\.cn|beian\.mps\.gov\.cn|beian\.miit\.gov\.cn|miitbeian\.gov\.cn|conac\.cn|12377\.cn|"
    r"zfwzgl\.www\.gov\.cn|zfwzzc\.www\.gov\.cn|tousu\.www\.gov\.cn|12321\.cn|piyao\.org\.cn|12345\.\S+)$"
)
_SITE = re.compile(
    r"([^.]{1,63})\.(?:com|net|org|gov|edu|ac)\.[a-z]{2}$|([^.]{1,63})\.[a-z]{1,63}$"
)
_SHORTEST = 7
"""Characters of a headline that is no label of a menu."""
_FOREIGN = 3
"""Undated articles on other sites than the page's that make a list; fewer are recommendations."""
_WEAK = 4
"""Undated pages with headlines but without an article's address that make a list."""

_INSIDE = 2
"""Such pages in the folder of the column itself that make one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one row.

    Attributes:
        title: its headline. url: its address.
        dated: it states a day. article: its address is an article's. page: it is a page's.
    """

    title: str
    url: str
    dated: bool
    article: bool
    page: bool


def is_furniture(title: str, url: str) -> bool:
    """Whether a link is one that every page of a site has."""
    return _WORDS.search(title) is not None or _HOSTS.search(_host(url)) is not None


def are_articles(rows: Iterable[Evidence], home: str) -> bool:
    """Whether some links are a list of articles instead of a menu or a footer.

    One row with a day is enough, and one with an article's address on the page's own site; links
    to other sites, and pages without such an address, must be several, fewer in its own folder.
    """
    own = foreign = weak = inside = 0
    site, folder = site_of(home), folder_of(home)
    for row in rows:
        if row.dated:
            return True
        if len(row.title) < _SHORTEST or is_furniture(row.title, row.url):
            continue
        at_home = site_of(row.url) == site
        own += row.article and at_home
        foreign += row.article and not at_home
        weak += row.page and at_home
        inside += row.page and bool(folder) and folder in row.url
    return own > 0 or foreign >= _FOREIGN or weak >= _WEAK or inside >= _INSIDE


def folder_of(url: str) -> str:
    """The folder of a column, under which its articles mostly lie; empty for a home page."""
    path = url.partition("://")[2].partition("?")[0]
    folder = path.rpartition("/")[0]
    return f"{folder}/" if "/" in folder else ""


def site_of(url: str) -> str:
    """The registered name of an address's host (``new.qq.com`` and ``news.qq.com`` are ``qq``).

    Governments register below ``gov.cn`` by province and place, so theirs is the label before it.
    """
    host = _host(url)
    found = _SITE.search(host)
    return (found.group(1) or found.group(2)) if found else host


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
