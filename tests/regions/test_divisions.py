"""The list of places through time: made of its sources, and right on what is known."""

from __future__ import annotations

import datetime as dt
import os
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from scraper.archive.writing.divisions import divisions
from scraper.regions import regions_of
from scraper.regions.gazetteer import by_code, places
from scraper.regions.naming import code_of
from tests.regions import divisions as made

FILE = files("scraper.regions") / "divisions.csv"


def test_the_file_is_what_its_sources_make() -> None:
    lines = made.lines()
    if os.environ.get("TONGGAO_TEST_WRITE_DIVISIONS"):
        Path(str(FILE)).write_text("\n".join(lines) + "\n", "utf-8")
    assert FILE.read_text("utf-8").splitlines() == lines


def test_what_stands_today_is_what_the_package_has() -> None:
    standing = {
        place.code: place.name for found in places().values() for place in found if not place.until
    }
    assert standing == made.today()


def test_a_code_has_one_name_at_a_time_but_around_a_change() -> None:
    """Where periods overlap they do so between two lists, which are years apart before 2010."""
    of: dict[str, list[tuple[str, str, str]]] = {}
    for found in places().values():
        for place in found:
            of.setdefault(place.code, []).append((place.since, place.until, place.name))
    for code, periods in of.items():
        ordered = sorted(set(periods))
        for (_, until, name), (since, _, other) in pairwise(ordered):
            assert until, f"{code}: {name} never ends, {other} begins"
            assert int(until[:4]) - int(since[:4]) <= 3, (code, name, other)


def test_every_code_comes_once_behind_what_it_lies_in() -> None:
    seen: set[str] = set()
    for division in divisions():
        assert division["code"] not in seen
        assert division["parent"] is None or division["parent"] in seen
        seen.add(division["code"])
    assert len(seen) > 5000


@pytest.mark.parametrize(
    ("code", "successors"),
    [
        ("330103", ("330105",)),
        ("330104", ("330102", "330114")),
        ("371200", ("370116", "370117")),
        ("110103", ("110101",)),
        ("310108", ("310106",)),
        ("500112", ("500109", "500157")),
        ("140402", ("140403",)),
    ],
)
def test_what_is_no_more_says_what_it_became(code: str, successors: tuple[str, ...]) -> None:
    place = by_code()[code]
    assert place.until
    assert place.successors == successors


def test_a_former_place_is_found_by_its_name_when_asked_for() -> None:
    assert code_of("下城区") == "330103"
    assert code_of("莱芜市") == "371200"
    assert code_of("莱芜") == "371200"
    assert code_of("拱墅区") == "330105"


@pytest.mark.parametrize(
    ("text", "day", "codes"),
    [
        ("杭州市下城区举行发布会", "2019-06-01", "330000 330100 330103"),
        ("杭州市下城区举行发布会", "2023-06-01", "330000 330100"),
        ("杭州市临平区举行发布会", "2022-06-01", "330000 330100 330113"),
        ("杭州市临平区举行发布会", "2019-06-01", "330000 330100"),
        ("莱芜市举行发布会", "2018-05-01", "370000 371200"),
        ("莱芜召开会议", "2018-05-01", "370000 371200"),
        ("济南市莱芜区举行发布会", "2020-05-01", "370000 370100 370116"),
        ("重庆市渝北区举行发布会", "2019-05-01", "500000 500112"),
        ("重庆市两江新区举行发布会", "2026-05-01", "500000 500157"),
        ("重庆市渝北区举行发布会", "2026-05-01", "500000"),
        ("河北雄安新区举行发布会", "2020-05-01", "130000"),
        ("北京市崇文区举行发布会", "2008-05-01", "110000 110103"),
        ("上海市闸北区举行发布会", "2012-05-01", "310000 310108"),
        ("襄樊市举行发布会", "2009-05-01", "420000 420600"),
        ("襄阳市举行发布会", "2015-05-01", "420000 420600"),
        ("邢台市桥东区举行发布会", "2018-05-01", "130000 130500 130502"),
        ("邢台市襄都区举行发布会", "2022-05-01", "130000 130500 130502"),
    ],
)
def test_codes_are_those_of_the_day(text: str, day: str, codes: str) -> None:
    assert " ".join(regions_of(text, (), at=dt.date.fromisoformat(day))) == codes


def test_every_place_is_found_under_its_whole_name_on_any_of_its_days() -> None:
    """Named behind what it lies in, each place that stands gives its code: 24 years of them."""
    wrong = []
    for year in range(2003, 2027):
        day = dt.date(year, 6, 1)
        standing = {p.code: p for found in places().values() for p in found if p.stands(day)}
        for place in list(standing.values())[year % 7 :: 7]:
            outer = "".join(standing[code].name for code in place.within if code in standing)
            if place.code not in regions_of(f"{outer}{place.name}举行发布会", (), at=day):
                wrong.append((year, place.code, outer + place.name))
    assert len(wrong) <= 24, wrong[:20]
