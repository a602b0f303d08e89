"""Which places a release is about.

A place counts when the headline names it, when the first paragraphs do, or when two paragraphs
do: a release on one district that thanks another in passing is not about both. 28 county names
are borne by several counties (朝阳区, 鼓楼区 …): such a name counts only if one of its bearers
lies in a place that is named too, or in the source's own; otherwise it is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from scraper.regions.gazetteer import Place, by_code, city_names, places, six

_LEAD = 2
_TWICE = 2
_LONGEST = 15
_SCANNED = 400
_END = re.compile("[省市县区旗盟州]")
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|"
    "四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾"
)
_SHORT = re.compile(_PROVINCES)
_NOT_A_PLACE = re.compile(r"大学|学院|路|街|大道|[市区县州]|山|湖|银行|晚报|日报|电视台|证券|站")


def regions_of(
    title: str, paragraphs: Sequence[str], *, default: str | None = None
) -> tuple[str, ...]:
    """GB/T 2260 codes of the places a release is about, province before city before county.

    Args:
        title: the headline.
        paragraphs: the text.
        default: code of the source's own region: the context for ambiguous names, and the answer
            where no place is named.
    """
    in_title = _named(title) | _cities(title)
    in_texts = [_named(text) for text in paragraphs]
    for index, text in enumerate(paragraphs[:_LEAD]):
        in_texts[index] |= _cities(text)
    counts = Counter(name for names in in_texts for name in names)
    lead = {name for names in in_texts[:_LEAD] for name in names}
    chosen = dict.fromkeys(
        name
        for name in (*in_title, *counts)
        if name in in_title or name in lead or counts[name] >= _TWICE
    )
    found = _resolved(chosen, default)
    if not found and default:
        found = {six(default)}
    return tuple(sorted(_with_outer(found)))


def _named(text: str) -> dict[str, None]:
    """Names of places in a text: full names, and provinces and cities by their short names."""
    known = places()
    names: dict[str, None] = {}
    for found in _END.finditer(text):
        end = found.end()
        for size in range(min(_LONGEST, end), 1, -1):
            name = text[end - size : end]
            if name in known:
                names[name] = None
                break
    for found in _SHORT.finditer(text):
        if not _NOT_A_PLACE.match(text, found.end()):
            names.setdefault(found[0], None)
    return names


def _cities(text: str) -> dict[str, None]:
    """Cities by their short names (南京 without 市); only looked for where a text begins."""
    known = city_names()
    return {
        text[at : at + 2]: None
        for at in range(min(len(text), _SCANNED) - 1)
        if text[at : at + 2] in known and not _NOT_A_PLACE.match(text, at + 2)
    }


def _resolved(names: Iterable[str], default: str | None) -> set[str]:
    known = places()
    names = list(names)
    certain = {known[name][0].code for name in names if len(known.get(name, ())) == 1}
    context = set(_with_outer(certain)) | ({*_with_outer({six(default)})} if default else set())
    for name in names:
        bearers = known.get(name, ())
        if len(bearers) > 1 and (place := _only(bearers, context)):
            certain.add(place.code)
    return certain


def _only(bearers: tuple[Place, ...], context: set[str]) -> Place | None:
    """The one bearer of a name that lies in the context, the innermost context first."""
    for depth in (1, 0):
        inside = [
            place
            for place in bearers
            if len(place.within) > depth and place.within[depth] in context
        ]
        if len(inside) == 1:
            return inside[0]
    own = [place for place in bearers if place.code in context]
    return own[0] if len(own) == 1 else None


def _with_outer(codes: set[str]) -> list[str]:
    """Codes with those of the provinces and cities they lie in."""
    known = by_code()
    outer = {above for code in codes if code in known for above in known[code].within}
    return sorted(codes | outer)
