"""The key of an article: the one form of its address under which it is known.

Two addresses with the same key are the same article; two articles never share one. So only what is
known to mean nothing is taken away: what the URL Standard and RFC 3986 section 6.2 call equivalent,
empty steps of a path, the name of a folder's index page, parameters by which sharing and
advertising are counted, and sessions by the names that servers give them. A query is known by its
text, whatever encoding a page has it in. Ids stay, whatever they are called, and so does the order
of the query.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit, urlunsplit

import ada_url

from scraper.urls.reference import whole_characters

KEY_VERSION = 2
"""Grows with every change of the keys: stored archives are then brought over to the new ones.

1: RFC 3986, index pages, tracking parameters. 2: the URL Standard (backslashes, tabs, ``///host``,
IDN as punycode), sessions by name, empty steps of a path, queries by their text."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT = "!#$%&'()*+,/:;=?@[]~"
_SESSION = re.compile(
    r"^(?:jsessionid(?:sso)?|phpsessid|aspsessionid[a-z]{8}|asp\.net_sessionid|cftoken)$",
    re.IGNORECASE,
)
"""The names that servlet containers, PHP, ASP, ASP.NET and ColdFusion give to a visitor's session."""
_SESSION_STEP = re.compile(
    r";(?:jsessionid(?:sso)?|phpsessid|aspsessionid[a-z]{8}|asp\.net_sessionid)=[^/;]*",
    re.IGNORECASE,
)
_COOKIELESS = re.compile(
    r"/\((?:[AF]\([\w-]{1,400}\)){0,2}S\([a-z0-5]{24}\)(?:F\([\w-]{1,400}\))?\)(?=/)"
)
"""ASP.NET's session in the path of a visitor without cookies."""
_STEPS = re.compile(r"/{2,}")
_RUN = re.compile(r"(?:%[89A-F][0-9A-F]|(?<=%[89A-F][0-9A-F])[@-~])+")
_ODD = re.compile(r"[\\\x00-\x20\x7f-\U0010ffff]|%2e|^https?:(?!//[a-z0-9])", re.IGNORECASE)
"""What is left to the URL Standard's own parser to read."""
_TRACKING = re.compile(
    r"^(?:utm_\w+|spm|scm|isappinstalled|fbclid|gclid|msclkid|yclid|wxfr|wxshare_count|"
    r"share(?:_?token|_?from|_?source|_?id|_?medium|_?plat|_?times|_?uid|d|r)?|sharer_share\w*|"
    r"nsukey|weixin_?share|from_?source|hmsr|hmpl|hmcu|hmkw|hmci|bd_vid|qhclickid|_t_t_t|tt_from)$",
    re.IGNORECASE,
)
_SHARED_FROM = re.compile(
    r"^(?:singlemessage|timeline|groupmessage|appmsg|message|qq|qzone|weibo|weixin|wechat|wx\w*|app|share\w*|"
    r"search|m|pc|mobile|favorites?)$",
    re.IGNORECASE,
)


def normal_url(url: str, *, twins: Sequence[tuple[str, str]] = ()) -> str:
    """Bring an absolute http(s) address into the form under which it is archived.

    Args:
        url: the address. One that is not http(s), or cannot be read, is given back stripped.
        twins: pairs ``(from, to)`` of a host, or scheme and host, and the one that stands for
            it: ``("m.tj.gov.cn", "www.tj.gov.cn")``, ``("http://www.tj.gov.cn",
            "https://www.tj.gov.cn")``. One may lead to another.

    Returns:
        The normal form; ``normal_url`` of it is itself.
    """
    url = whole_characters(url.strip())
    parts = _parts(url)
    if parts is None:
        return url
    origin = _twin(parts.scheme, _netloc(parts), twins)
    query = _query(parts.query)
    return urlunsplit((*origin, _path(parts.path, query), query, _fragment(parts.fragment)))


def without_session(url: str) -> str:
    """An address without the session of the visitor to whom it was shown; else as it is written."""
    front, mark, query = url.partition("?")
    front = _SESSION_STEP.sub("", _COOKIELESS.sub("", front))
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _SESSION.match(pair.partition("=")[0])]
    return (
        url
        if len(kept) == len(pairs) and len(front + mark + query) == len(url)
        else (front + (mark if kept else "") + "&".join(kept))
    )


def _parts(url: str) -> SplitResult | None:
    """A web address in its parts; None for one that is none, or that no server can have."""
    try:
        if _ODD.search(url):
            url = str(ada_url.normalize_url(url))
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it raises where it is no number
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    return parts


def _netloc(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".") or (parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    if parts.port is None or parts.port == _DEFAULT_PORTS[parts.scheme]:
        return host
    return f"{host}:{parts.port}"


def _twin(scheme: str, netloc: str, twins: Sequence[tuple[str, str]]) -> tuple[str, str]:
    for _ in twins:  # one may lead to another: phone to desktop, then http to https
        for here, there in twins:
            if here in {netloc, f"{scheme}://{netloc}"}:
                new_scheme, mark, netloc = there.rpartition("://")
                scheme = new_scheme if mark else scheme
                break
    return scheme, netloc


def _path(path: str, query: str) -> str:
    path = _SESSION_STEP.sub("", _COOKIELESS.sub("", _escapes(path)))
    path = _without_dots(_STEPS.sub("/", path)) or "/"
    return path if query else _INDEX.sub("/", path)


def _escapes(text: str) -> str:
    """Escapes in one spelling: unreserved characters plain, the others upper case (RFC 3986 6.2.2)."""
    return _ESCAPE.sub(_escape, quote(text, safe=_KEPT + "".join(_UNRESERVED)))


def _escape(found: re.Match[str]) -> str:
    character = chr(int(found.group(1), 16))
    return character if character in _UNRESERVED else found.group(0).upper()


def _without_dots(path: str) -> str:
    """Remove ``.`` and ``..`` as RFC 3986 section 5.2.4 does."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept) or "/"


def _query(query: str) -> str:
    if not query:
        return ""
    pairs = (pair for pair in query.split("&") if pair and not _is_idle(pair))
    return "&".join(_RUN.sub(_as_utf8, _escapes(pair)) for pair in pairs)


def _as_utf8(run: re.Match[str]) -> str:
    """Characters escaped in the encoding of a Chinese page, escaped as UTF-8; what is UTF-8 stays."""
    octets = unquote_to_bytes(run[0])
    for codec in ("utf-8", "gb18030"):
        try:
            text = octets.decode(codec)
        except UnicodeDecodeError:
            continue
        return run[0] if codec == "utf-8" else quote(text, safe="".join(_UNRESERVED))
    return run[0]


def _is_idle(pair: str) -> bool:
    """Whether a parameter tells who visits or from where, and nothing of the article."""
    name, _, value = pair.partition("=")
    if name.lower() == "from":  # also names where an article came from: only the known values go
        return _SHARED_FROM.match(value) is not None
    return bool(_TRACKING.match(name) or _SESSION.match(name))


def _fragment(fragment: str) -> str:
    """Fragments go, except the routes of sites whose every page is one document (``#/news/12``)."""
    return _escapes(fragment) if fragment.startswith(("/", "!/")) and len(fragment) > 2 else ""
