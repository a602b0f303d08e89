"""What people call a place, as its GB/T 2260 code."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from scraper.errors import UnknownRegion
from scraper.regions.gazetteer import Place, bearers, by_code, full_code, places

_SHOWN = 5
_GROUPS = (
    (re.compile("^[0-9]{2}0100$|^[0-9]{4}01$"), "市辖区"),
    (re.compile("^[0-9]{2}0200$"), "县"),
    (re.compile("^[0-9]{2}9000$"), "直辖县级行政区划"),
)
"""Codes that GB/T 2260 has for what lies under a province or a city at once; no list of places has them."""

_WITHOUT_CODE = {
    "雄安新区": "雄安新区 has no code of its own in GB/T 2260, it is no division: what names it stands under "
    "河北省 130000; search for the words within that region",
}


def code_of(text: str) -> str:
    """The six-digit code of a place, named or numbered.

    Args:
        text: a code or its beginning ("12", "1201", "120000"), a name, full or short ("山东省",
            "山东", "西青区"), or a name behind that of a place it lies in ("北京朝阳区").

    What has no code today keeps the last it had: 下城区 is 330103.

    Raises:
        UnknownRegion: there is no such place, or there are several; the message has near ones.
    """
    word = "".join(text.split())
    if word.isascii() and word.isdigit():
        code = full_code(word)
        if len(code) == 6 and code in by_code():
            return code
        raise UnknownRegion(f"{text!r} is no code of GB/T 2260; {_near_code(word)}")
    if word in _WITHOUT_CODE:
        raise UnknownRegion(_WITHOUT_CODE[word])
    found = _named(word)
    if len(found) == 1:
        return found[0].code
    if found:
        raise UnknownRegion(f"{text!r} is the name of several places: {_listed(found)}")
    near = [places()[name][0] for name in difflib.get_close_matches(word, places(), _SHOWN, 0.5)]
    hint = f"near: {_listed(near)}" if near else "write a name of a province, city or county"
    raise UnknownRegion(f"no place is called {text!r}; {hint}")


def has_places(code: str) -> bool:
    """Whether GB/T 2260 has, or had, a place of this code or below it: of "12", "1201" and "120100", not of "99"."""
    stem = re.sub("(00){1,2}$", "", full_code(code))
    return any(each.startswith(stem) for each in by_code())


def name_of(code: str) -> str:
    """The name of a code of six digits, also of one that stands for a group and no place.

    As ``tonggao.division_name`` has it: a site's code may be 120100, for all districts of 天津市.
    The code itself where no list has it.
    """
    if code in by_code():
        return by_code()[code].name
    return next((name for form, name in _GROUPS if form.search(code)), code)


def _named(word: str) -> list[Place]:
    """Places of today that are called so, else former ones; one of each code."""
    found = bearers(word) or _last_of(places().get(word, ()))
    # A short name that is also a district's full one means what is larger: 海南 is the province.
    least = min((place.level for place in found), default=0)
    exact = [place for place in found if place.level == least] if least < 2 else list(found)
    return exact or [
        inner
        for cut in range(2, len(word) - 1)
        for outer in bearers(word[:cut]) or _last_of(places().get(word[:cut], ()))
        for inner in bearers(word[cut:]) or _last_of(places().get(word[cut:], ()))
        if outer.code in inner.within
    ]


def _last_of(found: Iterable[Place]) -> tuple[Place, ...]:
    """Of former places those that stood last, each under the last name of its code."""
    last = [place for place in found if by_code()[place.code] == place]
    until = max((place.until for place in last), default="")
    return tuple(place for place in last if place.until == until)


def _near_code(word: str) -> str:
    for length in (4, 2):
        stem = full_code(word[:length])
        if len(word) > length and stem in by_code():
            return f"near: {_listed([by_code()[stem]])}"
    return "the first two digits are a province, 11 (北京市) to 82 (澳门特别行政区)"


def _listed(found: Iterable[Place]) -> str:
    shown = list({place.code: place for place in found}.values())[:_SHOWN]
    return ", ".join(f"{_whole_name(place)} {place.code}" for place in shown)


def _whole_name(place: Place) -> str:
    return "".join(by_code()[code].name for code in place.within) + place.name
