"""Bylines in the text: the forms in which Chinese pages name who wrote, one line at a time.

Lines went through `plain`. What is found are names with roles and noise between them, for
`scraper.page.people` to take apart.
"""

from __future__ import annotations

import re

from scraper.page.people import bare_names

_LEAD = re.compile(
    r"^[^。]{0,40}?[(（]\s{0,3}[^()（）]{0,14}?(?:(?:记者|通讯员)[\s:/]{0,3}|(?:特约撰稿|文|作者|实习生)[\s:/]{1,3})"
    r"([^()（）。]{2,40})[)）]"
)
_BADGE = re.compile(
    r"^[【\[]\s{0,2}[^【】\[\]。]{0,20}?(?:(?:记者|通讯员)[\s:/]{0,3}|文\s{0,2}/\s{0,2}(?:[^【】\[\]。\s]{2,8}(?:网|报|社|新闻)\s{1,2})?)"
    r"([^【】\[\]。]{2,30})[】\]]"
)
"""``【环球网报道 记者 张三】``, ``【文/观察者网 张三】`` before the first sentence."""
_TAIL = re.compile(
    r"[(（]\s{0,3}(?:[^()（）:。]{0,24}?(?:记者|通讯员|作者|文/图|图/文|文图|图文|撰文|撰稿|采写|供稿)[\s:/]{0,4}|"
    r"(?:[^()（）:。]{0,12}\s)?文[\s:/]{1,4})([^()（）。]{2,60})[)）]\s{0,3}[。.]?$"
)
SPOKEN = re.compile("[。?!]")
_BARE = re.compile(r"[。!?”]\s{0,3}[(（]([^()（）。]{2,20})[)）]$")
_OPENING = re.compile(
    r"^[■●▲◆□*\s(\[【]{0,4}(?:《[^》]{1,20}》)?(?:[^\s。,《:/|]{0,12}?(?:记者|通讯员|评论员|实习生|撰稿人)|"
    r"采写|撰文|撰稿|作者|文字|文/图|图/文|文)\s{0,3}[:/| 丨]\s{0,3}(.{2,60}?)[)\]】]?$"
)
_GLUED = re.compile(
    r"^[■●▲◆□*\s(\[【]{0,4}[^\s。,《:/|]{0,8}?(?:记者|通讯员)([\u4e00-\u9fff]{2,4})[)\]】]?$"
)
_WRITTEN_BY = re.compile(
    r"^[■●▲◆□*\s(\[【]{0,4}([\u4e00-\u9fff]{2,4}(?:[\s、]{1,3}[\u4e00-\u9fff]{2,4}){0,3})"
    r"\s{0,2}[/| ]\s{0,2}(?:文/图|图/文|文图|图文|文|撰文|撰稿|整理|编译|采写)[)\]】]?$"
)
_BEHIND = re.compile(
    r"^(?:(?:稿件|信息|文章)?来源\s{0,2}:\s{0,2})?[^\s:。]{2,12}(?:报|社|网|台|新闻|客户端)\s{1,3}(?=\S{0,8}?(?:记者|通讯员|文/图|图/文))"
)
_DATELINE = re.compile(r"^[^。(]{0,30}?(?:讯|电|消息|报道)\s{0,3}[(（]([^()（）。:]{2,24})[)）]")
_REPORTED = re.compile(
    r"^[^。]{0,24}?(?:记者|通讯员)\s{0,2}([^。,:!?“(]{2,30}?)\s{0,2}(?:摄影)?(?:报道|采写)"
)
_ALONE = re.compile(r"^[(（]([^()（）。:]{2,24})[)）]$")
_UNIT = re.compile(
    r"^\s?[^\s、,]{2,18}[局委办厅部院署处科所站队馆台社报镇乡村心府会司校]\s{1,4}(?=\S)"
)
"""Whose the named are: ``（光山县人民检察院 胡敏）``."""
_BESIDE = re.compile(r"(?:责任编辑|校对|审核|摄影|图片|图|摄|编辑|责编|整理)\s{0,2}[:/: ]")
_PICTURED = re.compile(r"(?:摄影?|供图|(?<![/文])图)$")
_REPORTING = re.compile(r"\s{0,2}(?:摄影|图文|文图|综合|文字)?(?:报道|文\s{0,2}/\s{0,2}[图摄])$")
_WORDED = re.compile(r"^(.{2,40}?)[\s/]文(?=[\s/、,])")


def names_at_start(text: str) -> str:
    """``本报讯（记者 张三）``, ``电（张三）``, ``记者张三报道``; empty if it names nobody."""
    if found := _LEAD.match(text) or _BADGE.match(text):
        return writers(found[1])
    if (found := _DATELINE.match(text)) and (names := bare_names(found[1])):
        return " ".join(names)
    found = _REPORTED.match(text)
    return writers(found[1]) if found else ""


def names_in_line(text: str) -> str:
    """``本报记者 张三``, ``作者：张三``, ``文/张三``: a line that is nothing but a byline."""
    if len(text) < 70 and (found := _OPENING.match(text)) and not SPOKEN.search(text[:-1]):
        return writers(found[1])
    return ""


def names_in_header(text: str) -> str:
    """A byline above the text; there 记者 and the name may touch."""
    if (medium := _BEHIND.match(text)) and (names := names_in_line(text[medium.end() :])):
        return names
    found = _GLUED.match(text) or (_WRITTEN_BY.match(text) if len(text) < 30 else None)
    return names_in_line(text) or (" ".join(bare_names(found[1])) if found else "")


def names_at_end(text: str) -> str:
    """``（文 张盐）``, ``张三 文/图`` and all forms of a byline line."""
    if found := _TAIL.search(text[-120:]):
        return writers(found[1])
    if names := names_in_line(text):
        return names
    found = _WRITTEN_BY.match(text) if len(text) < 30 else None
    return " ".join(bare_names(found[1])) if found else ""


def bare_names_at_end(text: str) -> str:
    """``。（张三 李四）``, or such brackets alone in a line."""
    found = _BARE.search(text[-40:]) or _ALONE.match(text)
    return " ".join(bare_names(_UNIT.sub("", found[1]))) if found else ""


def writers(names: str) -> str:
    """A byline without photographers and editors; empty where it names only who took a picture."""
    names = _REPORTING.sub("", names)
    if _PICTURED.search(names.rstrip(" )。")):
        found = _WORDED.match(names)
        return found[1] if found else ""
    return _BESIDE.split(names, maxsplit=1)[0]
