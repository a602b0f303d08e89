"""Walls recognised by what they send; none is ever solved.

Evidence: 瑞数 answers 412, or 202, with an empty page and a script (nhc.gov.cn 2020,
customs.gov.cn, Hubei, Gansu: china-governance, 2026-07); 加速乐 answers 521 and sets
``__jsl_clearance`` (mps.gov.cn, Meizhou 2026); Aliyun sends ``var arg1`` and wants
``acw_sc__v2``; others answer 403 or 200 with a page of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

RUISHU = "ruishu"
JIASULE = "jiasule"
ALIYUN = "aliyun"
CLOUDFLARE = "cloudflare"
CAPTCHA = "captcha"
FIREWALL = "firewall"
SCRIPT = "script"

_LOOKED_AT = 65_536
_SMALL = 32_768
_FEW_CHARACTERS = 400
_HARDLY_ANY = 200
_ALIYUN = re.compile(rb"\bvar\s+arg1\s*=|acw_sc__v2")
_RUISHU = re.compile(rb"""\$_ts\s*=\s*window|window\[['"]\$_ts['"]\]|\$_ts\.(?:nsd|cd)\b""")
_JIASULE = re.compile(rb"__jsl_clearance|__jsluid|document\.cookie\s*=\s*\(?['\"]_|\bgo\(\{\"bts\"")
_CLOUDFLARE = re.compile(rb"/cdn-cgi/challenge-platform/|cf-chl-|<title>Just a moment")
_CAPTCHA = re.compile(
    "(?:请|需要|进行|完成|输入|点击|拖动).{0,12}(?:验证码|安全验证|人机验证|滑动验证|滑块|身份验证)"
    "|(?:安全|人机|访问|滑动|机器人)验证|验证中心|访问(?:过于|太)频繁|geetest|captcha",
    re.IGNORECASE,
)
_FIREWALL = re.compile(
    "云防护|云盾|创宇盾|知道创宇|安全狗|安全宝|玄武盾|网站防火墙|应用防火墙|WAF\\b"
    "|(?:您的)?(?:访问|请求)(?:可能|行为)?(?:对网站造成|存在|被|已被)(?:安全)?(?:威胁|异常|阻断|拦截|拒绝)"
    "|errors\\.aliyun\\.com|_bot_sbu",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<(!--|script\b|style\b|noscript\b|title\b)", re.IGNORECASE)
_ENDS = {
    "!--": re.compile("-->"),
    "script": re.compile(r"</script\s{0,20}>", re.IGNORECASE),
    "style": re.compile(r"</style\s{0,20}>", re.IGNORECASE),
    "noscript": re.compile(r"</noscript\s{0,20}>", re.IGNORECASE),
    "title": re.compile(r"</title\s{0,20}>", re.IGNORECASE),
}
_TAG = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"<title\b[^<>]*>", re.IGNORECASE)


def name_wall(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Name the wall that an answer is, None if it is none.

    Args:
        status: of the answer.
        headers: with lower-case names.
        body: decompressed; its beginning is enough.
    """
    head = body[:_LOOKED_AT]
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
    if b"<script" in head.lower() and len(visible_text(head)) < _FEW_CHARACTERS:
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
    if _CAPTCHA.search(text):
        return CAPTCHA
    if _FIREWALL.search(text):
        return FIREWALL
    return SCRIPT if _script_only(head) else None


def _good_status(headers: Mapping[str, str], head: bytes, size: int) -> str | None:
    """200: a small page with hardly any text that talks of verification, or only a script."""
    if size > _SMALL and not _RUISHU.search(head):
        return None
    words = visible_text(head)
    if len(words) >= _FEW_CHARACTERS:
        return None
    if marked := _marked(headers, head):
        return marked
    return CAPTCHA if _asks_to_verify(_text(head), words) else None


def _asks_to_verify(text: str, words: str) -> bool:
    shown = _title(text)
    return bool(_CAPTCHA.search(shown) or (len(words) < _HARDLY_ANY and _CAPTCHA.search(words)))


def _marked(headers: Mapping[str, str], head: bytes) -> str | None:
    if headers.get("cf-mitigated") == "challenge" or _CLOUDFLARE.search(head):
        return CLOUDFLARE
    if _RUISHU.search(head):
        return RUISHU
    if _ALIYUN.search(head):
        return ALIYUN
    return JIASULE if b"__jsl_clearance" in head else None


def _script_only(head: bytes) -> bool:
    return b"<script" in head.lower() and len(visible_text(head)) < 20


def _text(head: bytes) -> str:
    """The bytes as text, well enough to look for words: UTF-8, or else GB 18030."""
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("gb18030", "replace")


def visible_text(head: bytes) -> str:
    """What a reader would see of a page, roughly: without scripts, styles, comments and tags.

    What is opened and never closed hides nothing.
    """
    return "".join(_TAG.sub(" ", _shown(_text(head))).split())


def _shown(text: str) -> str:
    """The text without its hidden elements and its title, in one pass."""
    kept, at, endless = [], 0, set()
    for found in _HIDDEN.finditer(text):
        kind = found.group(1).lower()
        if found.start() < at or kind in endless:
            continue
        if end := _ENDS[kind].search(text, found.end()):
            kept.append(text[at : found.start()])
            at = end.end()
        else:
            endless.add(kind)
    return " ".join([*kept, text[at:]])


def _title(text: str) -> str:
    """What stands in the first title, without blanks."""
    begin = _TITLE.search(text)
    end = _ENDS["title"].search(text, begin.end()) if begin else None
    return "".join(text[begin.end() : end.start()].split()) if begin and end else ""


_BY_STATUS = {
    412: _precondition,
    202: _accepted,
    521: _web_server_down,
    403: _forbidden,
    405: _forbidden,
}
