"""``tonggao stats`` tells the figures as text, JSON and a picture."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scheduler.cli.commands import app
from scheduler.cli.stats import _by_day
from scraper.archive import Archive, sync_regions
from scraper.archive.erasure.erasing import erase, named
from scraper.archive.querying.statistics import Day, Statistics, Totals
from scraper.clock import now
from scraper.database import open_pool
from tests.web.conftest import observation


@pytest.fixture
def filled(database_url: str) -> str:
    async def fill() -> None:
        async with open_pool(database_url) as pool:
            await sync_regions(pool)
            async with pool.connection() as connection:
                await connection.execute(
                    "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists)"
                    " VALUES ('qingchuan.gov', '今日青川', '青川市', 'gov-portal', '{}')"
                )
            archive = Archive(pool)
            for number, words in ((1, "供热"), (2, "古树"), (3, "运河")):
                lines = (f"青川市介绍{words}情况，全年完成{number}项。" * 4,)
                await archive.store(observation(number, paragraphs=lines, published_at=now()))

    asyncio.run(fill())
    return database_url


def stats(url: str, *options: str) -> str:
    result = CliRunner().invoke(app, ["--database-url", url, "stats", *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_figures_as_json(filled: str) -> None:
    found = json.loads(stats(filled, "--json", "--days", "7"))
    assert found["totals"]["releases"] == 3
    assert sum(day["releases"] for day in found["per_day"]) == 3
    assert found["per_region"] == [{"name": "天津市", "count": 3}]
    assert found["per_source"] == [{"name": "今日青川", "count": 3}]


def test_what_was_erased_is_counted_as_such_and_as_nothing_else(filled: str) -> None:
    async def take_one() -> list[tuple[int, int, int]]:
        async with open_pool(filled) as pool:
            await erase(pool, await named(pool, "2"), "法院裁定")
            async with pool.connection() as connection:
                counted = await connection.execute(
                    "SELECT publications, releases, copies FROM archive.daily_counts"
                )
                return await counted.fetchall()

    assert asyncio.run(take_one()) == [(2, 2, 0)]
    found = json.loads(stats(filled, "--json"))
    assert (found["totals"]["publications"], found["totals"]["erased"]) == (2, 1)
    assert found["per_source"] == [{"name": "今日青川", "count": 2}]
    text = stats(filled)
    assert "2 releases in 2 publications of 1 sources; 2 texts" in text
    assert "1 publications were erased" in text


def test_text_has_no_colours_when_piped(filled: str) -> None:
    text = stats(filled)
    assert "3 releases in 3 publications of 1 sources" in text
    assert "\x1b" not in text


def test_picture(filled: str, tmp_path: Path) -> None:
    stats(filled, "--png", str(tmp_path / "a.png"))
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_picture_without_a_chinese_font_says_so(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine with no such font draws boxes; the command must not be silent, nor fail."""
    monkeypatch.setattr("matplotlib.font_manager.get_font_names", lambda: ["DejaVu Sans"])
    said = stats(filled, "--png", str(tmp_path / "a.png"))
    assert "no Chinese font" in said
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_bars_for_a_terminal() -> None:
    days = [Day(dt.date(2024, 11, 1 + number), number, 0) for number in range(9)]
    days.append(Day(dt.date(2024, 11, 10), 5, 5))
    *_, ninth, last = [line.plain for line in _by_day(figures(days), 80)]
    assert ninth.split() == ["2024-11-09", "8", "0", "█" * 40]
    assert last.split() == ["2024-11-10", "5", "5", "█" * 25 + "▒" * 25]
    assert len(last) == 80


@pytest.mark.parametrize(("count", "bars"), [(0, 0), (1, 1), (31, 31), (32, 16), (365, 31)])
def test_a_long_time_has_several_days_a_bar(count: int, bars: int) -> None:
    days = [Day(dt.date(2024, 1, 1) + dt.timedelta(number), 1, 0) for number in range(count)]
    lines = [line.plain.split() for line in _by_day(figures(days), 80)]
    assert len(lines) == bars
    assert sum(int(releases) for _, releases, *_ in lines) == count


def figures(days: list[Day]) -> Statistics:
    return Statistics(len(days), Totals(0, 0, 0, 0, 0, None, None), days, [], [])
