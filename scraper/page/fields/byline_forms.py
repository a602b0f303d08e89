"""Where in an article's lines people are named: in brackets at its start or end, in lines of credits.

Lines went through `plain`. What the words in them mean is read by `scraper.text.credits`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.regions.gazetteer import bearers
from scraper.text.credits import EDITS, Credits, read_credits, writes
from scraper.text.people import is_surely_name
from scraper.text.vocabulary import one_of, words
from scraper.text.western import is_desk, writers_in

_BRACKETS = re.compile(r"[(【\[〔]([^()【】\[\]〔〕]{2,80})[)】\]〕]")
_DISPATCH = re.compile(r"(?:讯|电|消息|报道)\s{0,3}$")
"""What stands before the names of a dispatch: ``青经社10月16日讯（张三）``."""
_REPORTED = re.compile(
    r"^([^。]{0,24}?(?:记者|通讯员)\s{0,2}[^。,:!?“(]{2,30}?\s{0,2}(?:摄影)?(?:报道|采写))"
)
_LAST_BRACKETS = re.compile(r"[(【\[〔]([^()【】\[\]〔〕]{2,80})[)】\]〕]\s{0,3}[。.]?$")
_BARE = re.compile(r"(?:[。!?”]|讯|电)\s{0,3}[(（]([^()（）。]{2,24})[)）]$")
_ALONE = re.compile(r"^[(（]([^()（）。:]{2,24})[)）]$")
_POSTED = re.compile(
    r"^\s{0,3}由?\s{0,2}([^\s:,。由]{2,16}(?:\s[A-Za-z.]{1,16})?)\s{0,3}(?:发表|发布|张贴|投稿)[于在]|"
    r"(?:^|\s)[Bb]y:?\s{1,3}([^\s:,。]{2,20}(?:\s[A-Z][A-Za-z.]{0,16})?)(?=\s|$)(?!(?<=[A-Za-z.])\s[A-Z])|"
    r"^\s{0,3}[Pp]osted\s@\s{1,3}[\d:/ -]{8,20}\s([^\s:,。(]{2,20})(?=\s|$)"
)
"""``张三 发表于``, ``由张三发布于``, ``Posted by 张三 on``: blogs and forums."""
_LATIN_BY = re.compile(
    r"\b[Bb][Yy]\b|[Ww]riter|[Rr]eporter|[Cc]orrespondent|[Cc]olumnist|[Cc]ontributor"
)
SPOKEN = re.compile("[。?!]")
_ABOUT = re.compile(r"^[(\[【\s]{0,2}(?:本文)?作者(?:简介|介绍|单位)")
"""What is said of the author: who he is, where he works."""
_MEDIUM_BEFORE = re.compile(r"^(?:(?:稿件|信息|文章)?来源\s{0,2}:\s{0,2})")
_SPEAKERS = ("【", "[", "〔")
"""What opens the name of who speaks, before what is said: ``【市水务局局长 张三】``."""
_BRACKETED = frozenset(words("not_names", "bracketed"))
_BRACKETED_END = re.compile(rf"(?:{one_of(words('not_names', 'bracketed_end'))})$")
_PLACES = frozenset(words("not_names", "places"))
_FIRST, _START, _CREDITS, _PROSE = 160, 60, 70, 20


def names_at_start(text: str) -> tuple[str, ...]:
    """``本报讯（记者 张三）``, ``电（张三）``, ``记者张三报道``: the writers at a text's start."""
    for before, inside in _brackets(text[:_FIRST]):
        found = read_credits(inside)
        if names := _credited(found):
            return names
        led = not before.strip() and not text.lstrip().startswith(_SPEAKERS)
        alone = led and found.units and not found.asides and len(text) > len(inside) + _PROSE
        dispatch = _DISPATCH.search(before) or alone
        if dispatch and (names := _bare(found)):
            return names
    reported = _REPORTED.match(text)
    return _writers(reported[1]) if reported else ()


def editors_at_start(text: str) -> tuple[str, ...]:
    """``青经社10月16日讯（编辑 张三）``: who made a dispatch up."""
    for _, inside in _brackets(text[:_FIRST]) if EDITS.search(text[:_FIRST]) else ():
        if editors := read_credits(inside).editors:
            return editors
    return ()


def names_in_line(text: str) -> tuple[str, ...]:
    """``本报记者 张三``, ``作者：张三``, ``文/张三``, ``张三 文/图``: a line that is nothing but credits."""
    if len(text) > _CREDITS or not writes(text) or SPOKEN.search(text[:-1]):
        return ()
    if _ABOUT.match(text):
        return ()
    return _writers(_MEDIUM_BEFORE.sub("", text))


def poster_of(text: str) -> tuple[str, ...]:
    """``张三 发表于 2012-03-01``, ``Posted by 张三``: who put a text on a blog."""
    if (_LATIN_BY.search(text) or "@" in text) and (names := writers_in(text)):
        return names
    found = _POSTED.search(text[:_CREDITS])
    if found and is_desk(found[2] or ""):
        return ()
    named = read_credits(found[1] or found[2] or found[3], "writer") if found else Credits()
    return named.writers if named.whole and not named.units and not named.asides else ()


def names_at_end(text: str) -> tuple[str, ...]:
    """``（文 张盐）`` behind the last sentence, and all forms of a line of credits."""
    last = _LAST_BRACKETS.search(text[-120:])
    return (_credited(read_credits(last[1])) if last else ()) or names_in_line(text)


def bare_names_at_end(text: str) -> tuple[str, ...]:
    """``。（张三 李四）``, or such brackets alone in a line; a unit may stand before the names."""
    last = _BARE.search(text[-40:]) or _ALONE.match(text)
    found = read_credits(last[1]) if last else Credits()
    glued = len(found.bare) > 1 and last is not None and "".join(found.bare) in last[1]
    return () if glued else _bare(found)


def editors_in_line(text: str) -> tuple[str, ...]:
    """``（编辑 张三）``, ``编辑 | 张三``, ``新江报 记者 王巍 编辑 张三``: the editors of a line of credits."""
    found = read_credits(text) if EDITS.search(text) else Credits()
    return found.editors if found.whole else ()


def _brackets(text: str) -> Iterator[tuple[str, str]]:
    """What stands before brackets of the first sentence's beginning, and in them."""
    for found in _BRACKETS.finditer(text):
        before = text[: found.start()]
        if found.start() > _START or "。" in before:
            return
        yield before, found[1]


def _credited(found: Credits) -> tuple[str, ...]:
    """The writers in brackets, and the names before the first role: ``（张三 本报记者 李四）``."""
    if not (found.roles and found.writers):
        return ()
    return (found.bare if all(map(_stands_bare, found.bare)) else ()) + found.writers


def _bare(found: Credits) -> tuple[str, ...]:
    """Names without a role; before them may stand the unit of the named."""
    sure = found.whole and not found.roles and all(map(_stands_bare, found.bare))
    return found.bare if sure and len(found.bare) <= 5 else ()


def _stands_bare(word: str) -> bool:
    """Whether a word is a name though nothing says so: no place, and nothing that documents put in brackets."""
    other = word in _BRACKETED or _BRACKETED_END.search(word) or word[1:] in _PLACES
    return is_surely_name(word) and not other and not bearers(word)


def _writers(line: str) -> tuple[str, ...]:
    if not writes(line):
        return ()
    found = read_credits(line)
    return _credited(found) if found.whole else ()
