"""Lines that only count or advertise: they change from look to look and are no part of a text."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
"""Characters up to which a line can be nothing but counters."""

_NUMBER = r"\d[\d,.]{0,11}\s?(?:万|亿|[kKwW])?\+?"
_UNIT = r"(?:人次|人|次|条|个|篇|位)"
_DEED = r"(?:阅读|浏览|点击|访问|播放|下载|点赞|评论|收藏|分享|转发|观看|围观|在看|查看|关注|人气|热度|已读|未读|赞)"
_COUNTED = rf"(?:总|累计|今日|本月|本周)?已?被?{_DEED}(?:人次|人数|次数|量|数|率)?[:\s(\[]{{0,3}}{_NUMBER}\s?{_UNIT}?[)\]]?{_UNIT}?"
_COUNT_FIRST = (
    rf"(?:已有|共|共有|有)?\s?{_NUMBER}\s?{_UNIT}?\s?(?:已|觉得很|觉得)?{_DEED}(?:了|过|量|数)?"
)
_COUNTERS = re.compile(
    rf"[\W_]{{0,4}}(?:(?:{_COUNTED}|{_COUNT_FIRST})[\s|·,;/]{{0,4}}){{1,6}}[\W_]{{0,4}}"
)
_FIGURE = re.compile(r"\d")
_BRIEF = 19
"""The longest word of an advertisement, and three signs before and behind it."""
_ADVERTISEMENT = re.compile(
    r"[\W_]{0,3}(?:广告|推广|赞助内容|Advertisement|AD)[\W_]{0,3}", re.IGNORECASE
)


def is_counter(line: str) -> bool:
    """Whether a line says only how often something was read, liked or fetched, or that it is advertising.

    ``128人点赞``, ``下载次数：35``, ``已读 77``, ``阅读 1.2万 | 评论 3``.
    """
    if len(line) > LONGEST:
        return False
    text = unicodedata.normalize("NFKC", line).strip()
    if _FIGURE.search(text) and _COUNTERS.fullmatch(text):
        return True
    return len(text) <= _BRIEF and _ADVERTISEMENT.fullmatch(text) is not None
