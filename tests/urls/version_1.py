"""The keys of version 1, as commit 7c5fad8 made them: what archives of that time hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT = "!#$%&'()*+,/:;=?@[]~"
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
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # an address that no server can have: kept as it is, to be seen
        return url
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        return url
    origin = _twin(parts.scheme.lower(), _netloc(parts, port), twins)
    query = _query(parts.query)
    return urlunsplit((*origin, _path(parts.path, query), query, _fragment(parts.fragment)))


def _netloc(parts: SplitResult, port: int | None) -> str:
    host = (parts.hostname or "").rstrip(".") or (parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    return (
        host if port is None or port == _DEFAULT_PORTS[parts.scheme.lower()] else f"{host}:{port}"
    )


def _twin(scheme: str, netloc: str, twins: Sequence[tuple[str, str]]) -> tuple[str, str]:
    for _ in twins:  # one may lead to another: phone to desktop, then http to https
        for here, there in twins:
            if here in {netloc, f"{scheme}://{netloc}"}:
                new_scheme, mark, netloc = there.rpartition("://")
                scheme = new_scheme if mark else scheme
                break
    return scheme, netloc


def _path(path: str, query: str) -> str:
    path = _without_dots(_escapes(path)) or "/"
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
    return "&".join(_escapes(pair) for pair in query.split("&") if pair and not _is_tracking(pair))


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    if name.lower() == "from":  # also names where an article came from: only the known values go
        return _SHARED_FROM.match(value) is not None
    return _TRACKING.match(name) is not None


def _fragment(fragment: str) -> str:
    """Fragments go, except the routes of sites whose every page is one document (``#/news/12``)."""
    return _escapes(fragment) if fragment.startswith(("/", "!/")) and len(fragment) > 2 else ""
