"""Which places a release is about.

A place counts when the headline names it, when the first paragraphs do, or when two paragraphs
do: a release on one district that thanks another in passing is not about both. 28 county names
are borne by several counties (朝阳区, 鼓楼区 …): such a name counts only if one of its bearers
lies in a place that is named too, or in the source's own; otherwise it is left out. Names and codes
are those of the page's day: 杭州市下城区 has a code until 2021, and 莱芜 is a city until 2019.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate

from scraper.regions.gazetteer import (
    Place,
    bearers,
    by_code,
    city_names,
    full_code,
    name_sizes,
    places,
    short_name,
)

_LEAD = 2
_TWICE = 2
_SCANNED = 400
_END = re.compile("[省市县区旗盟州]")
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|"
    "四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾"
)
_NAMES = frozenset(_PROVINCES.split("|"))


def _first_of_two(names: Iterable[str]) -> re.Pattern[str]:
    """Where one of some names may begin: two signs are asked, not all names at each sign of a text."""
    first, second = ("".join(sorted({name[at] for name in names})) for at in (0, 1))
    return re.compile(f"[{first}](?=[{second}])")


_MAY_BEGIN = _first_of_two(_NAMES)
_NOT_A_PLACE = re.compile(
    r"大学|学院|[东西南北中]?[一二三]?[路街]|大道|[市县州]|区(?![域块间位别分])|山|湖|银行|电视台|证券|站|[岸麓坡侧畔脊]|"
    r"(?:经济|青年|都市|法制|法治|农民|农村|工人|科技|生活|教育)?[日晚晨早商时]?报(?=[记讯社客全首融\W]|$)|[日晚晨早商时]报|新闻(?:网|频道|客户端|广播|综合)|"
    r"卫视|广播|广电|之声|在线(?=[记消讯新客全首\W]|$)"
)
"""What follows a name that is no place's: a university's, a road's, a medium's."""
_RUNS_ON = re.compile("区[域块间位别分]|市场")
_HAN = re.compile("[\u4e00-\u9fff]")
_ENDS_A_WORD = frozenset(
    "在从到赴于和与及由自对为是来去至向往经入进驻离抵返访联帮使将把给跟同或即如像以了着的国省市区县州盟旗讯电日月年社者们"
)
"""A short name counts only behind one of these, behind what is no letter, or behind another
place: 河南 is no part of 运河南岸, 重庆 none of 隆重庆祝, 福建 none of 造福建设."""

_COMMON = frozenset(
    ("城区", "郊区", "矿区", "东区", "西区", "新城区", "和县", "古县", "新县", "成县", "单县")
)
"""Names of counties that are also words: they count only behind the name of what they lie in."""


def regions_of(
    title: str,
    paragraphs: Sequence[str],
    *,
    default: str | None = None,
    at: dt.date | None = None,
) -> tuple[str, ...]:
    """GB/T 2260 codes of the places a release is about, province before city before county.

    Args:
        title: the headline.
        paragraphs: the text.
        default: code of the source's own region: the context for ambiguous names, and the answer
            where no place is named.
        at: the day whose divisions count; None: today's.
    """
    in_title = set(_named(title, at)) | _cities(title)
    in_texts = _named_in_each(paragraphs, at)
    for index, text in enumerate(paragraphs[:_LEAD]):
        in_texts[index] |= _cities(text)
    counts = Counter(name for names in in_texts for name in names)
    lead = {name for names in in_texts[:_LEAD] for name in names}
    chosen = dict.fromkeys(
        name
        for name in (*in_title, *counts)
        if name in in_title or name in lead or counts[name] >= _TWICE
    )
    found = _resolved(chosen, default, at)
    if not found and default:
        found = {full_code(default)}
    return tuple(sorted(_with_outer(found)))


def _named_in_each(texts: Sequence[str], at: dt.date | None) -> list[set[str]]:
    """The names in each of some texts, which are read as one: most have none, and are short.

    No name holds a line's end, and none is told by what stands before one.
    """
    ends = list(accumulate(len(text) + 1 for text in texts))
    found: list[set[str]] = [set() for _ in texts]
    for name, begins in _named("\n".join(texts), at).items():
        for begin in begins:
            found[bisect_right(ends, begin)].add(name)
    return found


def _named(text: str, at: dt.date | None) -> dict[str, list[int]]:
    """Names of places in a text, each with where it begins: full names, and provinces by short ones."""
    sizes = name_sizes()
    names: dict[str, list[int]] = {}
    borne: dict[str, bool] = {}
    for found in _END.finditer(text):
        end = found.end()
        for size in sizes.get(text[end - 2 : end], ()):
            if size > end:
                continue
            name = text[end - size : end]
            if name not in borne:
                borne[name] = bool(bearers(name, at))
            if borne[name]:
                if _is_whole(text, end - size, name):
                    names.setdefault(name, []).append(end - size)
                break
    before = 0
    for name, start, end in _provinces(text):
        if _begins_alone(text, start, before) and not _NOT_A_PLACE.match(text, end):
            names.setdefault(name, []).append(start)
            before = end
    return names


def _provinces(text: str) -> Iterator[tuple[str, int, int]]:
    """Short names of provinces in a text, the first of two that overlap: name, start, end."""
    past = 0
    for found in _MAY_BEGIN.finditer(text):
        start = found.start()
        if start < past:
            continue
        name = text[start : start + 2]
        if name not in _NAMES:
            name = text[start : start + 3]
        if name in _NAMES:
            past = start + len(name)
            yield name, start, past


def _begins_alone(text: str, at: int, before: int) -> bool:
    """Whether a word can begin here: behind another place, which ends at ``before``, too."""
    return at in (0, before) or not _HAN.match(text[at - 1]) or text[at - 1] in _ENDS_A_WORD


def _is_whole(text: str, at: int, name: str) -> bool:
    """Whether a full name is no part of a longer word."""
    if _RUNS_ON.match(text, at + len(name) - 1):
        return False
    if len(name) > 2 and name not in _COMMON:
        return True
    outer = (by_code()[code].name for place in places()[name] for code in place.within)
    named = any(text.endswith((one, short_name(one)), 0, at) for one in outer)
    return named or (name not in _COMMON and (at == 0 or not _HAN.match(text[at - 1])))


def _cities(text: str) -> set[str]:
    """Cities by their short names (南京 without 市); only looked for where a text begins."""
    known = city_names()
    begins = (found.start() for found in _city_begins().finditer(text, 0, _SCANNED))
    return {
        text[at : at + 2]
        for at in begins
        if text[at : at + 2] in known
        and not _NOT_A_PLACE.match(text, at + 2)
        and (_begins_alone(text, at, 0) or text[max(0, at - 2) : at] in _NAMES)
    }


@cache
def _city_begins() -> re.Pattern[str]:
    """Where a city's short name may begin."""
    return _first_of_two(city_names())


def _resolved(names: Iterable[str], default: str | None, at: dt.date | None) -> set[str]:
    borne = {name: bearers(name, at) for name in names}
    certain = {found[0].code for found in borne.values() if len(found) == 1}
    context = set(_with_outer(certain)) | (
        {*_with_outer({full_code(default)})} if default else set()
    )
    for found in borne.values():
        if len(found) > 1 and (place := _only(found, context)):
            certain.add(place.code)
    return certain


def _only(found: tuple[Place, ...], context: set[str]) -> Place | None:
    """The one bearer of a name that lies in the context, the innermost context first."""
    for depth in (1, 0):
        inside = [
            place for place in found if len(place.within) > depth and place.within[depth] in context
        ]
        if len(inside) == 1:
            return inside[0]
    own = [place for place in found if place.code in context]
    return own[0] if len(own) == 1 else None


def _with_outer(codes: set[str]) -> list[str]:
    """Codes with those of the provinces and cities they lie in."""
    known = by_code()
    outer = {above for code in codes if code in known for above in known[code].within}
    return sorted(codes | outer)
