"""What the addresses of a column's articles have in common: hosts, and the form of their paths."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from scraper.listing import Link
from scraper.listing.furniture import site_of

_FORMS = (
    r"/\d{6}/t\d{8}_\d+\.s?html?",
    r"/t\d{8}_\d+\.s?html?",
    r"/\d{6}/[0-9a-f]{32}\.s?html",
    r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html",
    r"/art/\d{4}/art_[0-9a-f]{32}\.html",
    r"/content/post_\d+\.html",
    r"/n[12]/\d{4}/\d{4}/c\d+-\d+\.html",
    r"/\d{8}/[0-9a-f]{32}/c\.html",
    r"/\d{4}-?\d{2}-?\d{2}/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.html",
    r"/content_\d+\.s?html?",
    r"/info/\d+/\d+\.html?",
    r"/\d{4}/\d{2}-?/?\d{2}/\d+\.s?html?",
    r"/\d{5,}\.s?html?",
)
"""Article addresses of the platforms in use, the strictest first."""
_ENOUGH = 0.95
_MOST = 3
"""Patterns of one column; a column of more kinds of addresses is better told by its hosts."""
_FEW = 2
_RUNS = re.compile(r"([0-9a-f]{16,})|(\d+)|([^0-9a-zA-Z/_-])|([a-zA-Z/_-]+)")
_OTHERS = 0.6
_LEAST = 5


def hosts_of(url: str, links: Sequence[Link]) -> list[str]:
    """Hosts of the articles besides the column's own.

    Hosts of the same site are named when a fifth of the rows lead there; those of other sites only
    when most rows do, and there are enough rows to tell: a page without rows shows links to
    anybody.
    """
    home, counts = _host(url), Counter(_host(link.url) for link in links)
    site = site_of(url)
    return [
        host
        for host, count in counts.most_common(3)
        if host != home
        and (
            count * 5 >= len(links)
            if site_of(f"http://{host}/") == site
            else len(links) >= _LEAST and count >= _OTHERS * len(links)
        )
    ]


def patterns_of(url: str, links: Sequence[Link], hosts: Sequence[str]) -> list[str]:
    """Regular expressions that the articles' addresses fit; none where they have no common form.

    The forms of the platforms in use are tried first, then the form that most of the remaining
    addresses have.
    """
    ours = {_host(url), *hosts}
    left = [each.url for each in links if _host(each.url) in ours]
    allowed, found = (1 - _ENOUGH) * len(left), list[str]()
    while len(left) > allowed and len(found) < _MOST:
        pattern = _best(left) if not found or len(left) >= _FEW else _known(left[0])
        if pattern is None:
            return []
        found.append(pattern)
        left = [each for each in left if not re.search(pattern, each)]
    return found if len(left) <= allowed else []


def _best(addresses: Sequence[str]) -> str | None:
    fitting = {
        form: sum(re.search(form, each) is not None for each in addresses) for form in _FORMS
    }
    form = max(fitting, key=lambda each: fitting[each])
    if fitting[form] * 2 >= len(addresses):
        return form
    shapes = Counter(map(_shape, addresses))
    shape, count = shapes.most_common(1)[0]
    return shape if count >= _FEW and r"\d" in shape else None


def _known(address: str) -> str | None:
    return next((form for form in _FORMS if re.search(form, address)), None)


def _shape(address: str) -> str:
    """The last two steps of a path as a pattern: numbers and hashes of any value."""
    parts = urlsplit(address)
    steps = "/".join(parts.path.rsplit("/", 2)[-2:])
    query = f"?{parts.query}" if parts.query else ""
    return "/" + "".join(_run(found) for found in _RUNS.finditer(steps.lstrip("/") + query)) + "$"


def _run(found: re.Match[str]) -> str:
    if found.group(1):
        return "[0-9a-f]+"
    return r"\d+" if found.group(2) else re.escape(found.group())


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
