"""Walls recognised by what they send; none is ever solved.

Evidence: 瑞数 answers 412, or 202, with an empty page and a script (nhc.gov.cn 2020,
customs.gov.cn, Hubei, Gansu: china-governance, 2026-07); 加速乐 answers 521 and sets
``__jsl_clearance`` (mps.gov.cn, Meizhou 2026); Aliyun sends ``var arg1`` and wants
``acw_sc__v2``; others answer 403 or 200 with a page of their own.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from scraper.evidence import CAPTCHA_WORDS, FIREWALL_WORDS, shows_content, visible_text

RUISHU = "ruishu"
JIASULE = "jiasule"
ALIYUN = "aliyun"
CLOUDFLARE = "cloudflare"
CAPTCHA = "captcha"
FIREWALL = "firewall"
SCRIPT = "script"

LOOKED_AT = 65_536
"""Bytes of a body in which walls are looked for."""
_SMALL = 32_768
_OPENING = 4_096
_FEW_CHARACTERS = 400
_HARDLY_ANY = 200
_NO_CHARACTERS = 20
_LONGEST_CHARACTER = 4
_ALIYUN = re.compile(rb"\bvar\s+arg1\s*=|acw_sc__v2")
_RUISHU = re.compile(rb"""\$_ts\s*=\s*window|window\[['"]\$_ts['"]\]|\$_ts\.(?:nsd|cd)\b""")
_JIASULE = re.compile(rb"__jsl_clearance|__jsluid|document\.cookie\s*=\s*\(?['\"]_|\bgo\(\{\"bts\"")
_CLOUDFLARE = re.compile(rb"/cdn-cgi/challenge-platform/|cf-chl-|<title>Just a moment")
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,500})", re.IGNORECASE)


NameWall = Callable[[int, Mapping[str, str], bytes, str], Awaitable[str | None]]
"""Names the wall that an answer is: status, headers, beginning of the body, address."""


async def name_here(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    url: str,  # noqa: ARG001  (for judges in a process of their own, who say what crashed them)
) -> str | None:
    """Name a wall in this very process; a visit does so in one of its readers'."""
    return name_wall(status, headers, body)


def may_be_wall(status: int, body: bytes) -> bool:
    """Whether an answer is worth a closer look: a large page under a good status is mostly no wall."""
    if status != 200 or len(body) <= _SMALL or b"$_ts" in body[:LOOKED_AT]:
        return True
    return _worded(_shown_title(_text(body[:_OPENING]))) is not None


def name_wall(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Name the wall that an answer is, None if it is none.

    Args:
        status: of the answer.
        headers: with lower-case names.
        body: decompressed; its beginning is enough.
    """
    head = body[:LOOKED_AT]
    if by_status := _BY_STATUS.get(status):
        return by_status(headers, head)
    if status == 200:
        return _good_status(headers, head, len(body))
    return _marked(headers, head)


def _precondition(headers: Mapping[str, str], head: bytes) -> str | None:
    """412: nothing conditional leads to it here but 瑞数, with a script or with nothing."""
    script = b"<script" in head.lower() or _RUISHU.search(head)
    return RUISHU if script or not head.strip() or "set-cookie" in headers else None


def _accepted(headers: Mapping[str, str], head: bytes) -> str | None:
    """202: the second form of 瑞数; a script, and no text to read."""
    if _RUISHU.search(head):
        return RUISHU
    if b"<script" in head.lower() and len(visible_text(_text(head))) < _FEW_CHARACTERS:
        return _marked(headers, head) or RUISHU
    return None


def _web_server_down(headers: Mapping[str, str], head: bytes) -> str | None:
    """521: 加速乐; at Cloudflare it means that the server behind it is down."""
    if headers.get("server", "").lower().startswith("cloudflare"):
        return None
    jiasule = _JIASULE.search(head) or "__jsl" in headers.get("set-cookie", "")
    return JIASULE if jiasule or b"<script" in head.lower() else None


def _forbidden(headers: Mapping[str, str], head: bytes) -> str | None:
    """403 or 405: a firewall's own page, told from a plain refusal by what it says."""
    if marked := _marked(headers, head):
        return marked
    text = _text(head)
    return _worded(text) or (SCRIPT if _script_only(text) else None)


def _good_status(headers: Mapping[str, str], head: bytes, size: int) -> str | None:
    """200: hardly any text that talks of verification, or only a script, and nothing to read."""
    text = _text(head)
    shown = _shown_title(text)
    if size > _SMALL and not _RUISHU.search(head) and not _worded(shown):
        return None
    words = visible_text(text)
    if len(words) >= _FEW_CHARACTERS:
        return None
    said = shown + ("\n" + words if len(words) < _HARDLY_ANY else "")
    wall = _marked(headers, head) or _worded(said)
    return None if wall is None or shows_content(text) else wall


def _worded(text: str) -> str | None:
    if CAPTCHA_WORDS.search(text):
        return CAPTCHA
    return FIREWALL if FIREWALL_WORDS.search(text) else None


def _shown_title(text: str) -> str:
    title = _TITLE.search(text)
    return "".join(title[1].split()) if title else ""


def _marked(headers: Mapping[str, str], head: bytes) -> str | None:
    if headers.get("cf-mitigated") == "challenge" or _CLOUDFLARE.search(head):
        return CLOUDFLARE
    if _RUISHU.search(head):
        return RUISHU
    if _ALIYUN.search(head):
        return ALIYUN
    return JIASULE if b"__jsl_clearance" in head else None


def _script_only(text: str) -> bool:
    return "<script" in text.lower() and len(visible_text(text)) < _NO_CHARACTERS


def _text(head: bytes) -> str:
    """The bytes as text, well enough to look for words: UTF-8, cut anywhere, or else GB 18030."""
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(head) - _LONGEST_CHARACTER:
            return head[: error.start].decode("utf-8")
        return head.decode("gb18030", "replace")


_BY_STATUS = {
    412: _precondition,
    202: _accepted,
    521: _web_server_down,
    403: _forbidden,
    405: _forbidden,
}
