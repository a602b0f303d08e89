"""An archive with three registered sources, and observations written for the tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg
import pytest

from scraper.archive import Archive, Observation
from scraper.clock import SHANGHAI
from scraper.database import Pool, open_pool
from scraper.record.release import Release

from .killing import kill_after  # noqa: F401 (a fixture)

MORNING = dt.datetime(2024, 11, 16, 9, 0, tzinfo=SHANGHAI)
STORY = (
    "十一月十五日上午，青川市政府新闻办公室举行专场新闻发布会，介绍全市智能制造发展情况。",
    "市工信局局长方文轩表示，今年以来全市新增智能工厂12家，规上工业增加值同比增长4.3%，增速连续三个季度回升。",
    "据介绍，青川市将继续支持企业开展技术改造，年内安排专项资金2.5亿元，重点投向新能源和新材料两个方向。",
    "发布会由市政府新闻办主任张磊主持，二十余家媒体的记者参加了发布会。",
)
SOURCES = (
    ("qingchuan.gov", "今日青川", "青川市人民政府", "120000"),
    ("dongshan.daily", "东山要闻", "东山日报社", "120111"),
    ("national.net", "地方新闻", "全国在线", None),
)

MakeObservation = Callable[..., Observation]


@pytest.fixture
async def archive(pool: Pool) -> Archive:
    async with pool.connection() as connection, connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO tonggao.source (source_id, name, publisher, region, kind, lists)"
            " VALUES (%s, %s, %s, %s, 'gov-portal', '{}')",
            SOURCES,
        )
    return Archive(pool)


@pytest.fixture
def observe() -> MakeObservation:
    """Makes an observation; any field of the release or the observation can be given."""

    def make(url: str = "https://qingchuan.example/a1.html", **given: Any) -> Observation:
        own = {
            "source_id",
            "fetched_at",
            "body",
            "headers",
            "status",
            "etag",
            "run_id",
            "brought_by",
            "listed_on",
            "files",
        }
        outer = {name: given.pop(name) for name in own & given.keys()}
        release = {
            "title": "青川市举行智能制造专场新闻发布会",
            "paragraphs": STORY,
            "url": url,
            "published_at": MORNING,
            "published_precision": "minute",
            "parser_version": "1",
            **given,
        }
        page = "\n".join(release["paragraphs"]).encode()
        defaults = {
            "source_id": "qingchuan.gov",
            "fetched_at": MORNING,
            "body": page,
            "status": 200,
        }
        return Observation(url=url, release=Release(**release), **{**defaults, **outer})

    return make


@pytest.fixture
def rows(pool: Pool) -> Callable[..., Any]:
    """Runs a query and gives its rows."""

    async def fetch(query: str, *values: Any) -> list[tuple[Any, ...]]:
        async with pool.connection() as connection:
            return await (await connection.execute(query, values)).fetchall()

    return fetch


@pytest.fixture
async def other(server: str, template: str) -> AsyncIterator[Pool]:
    """A second, empty archive."""
    name = f"{template}_other"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        async with open_pool(f"{server} dbname={name}") as pool:
            yield pool
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
