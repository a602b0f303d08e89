"""What is too old goes with its month; nothing younger does, and no month is ever missing."""

from __future__ import annotations

import datetime as dt

from scheduler.daemon.retention import let_go
from scheduler.health.store import ensure_months
from scraper.database import Pool
from scraper.fetch import Fetcher, FetchPolicy
from tests.scheduler.conftest import rows

PARTITIONS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
JOIN pg_class p ON p.oid = i.inhparent WHERE p.relname = %s ORDER BY 1
"""
ATTEMPT = (
    "INSERT INTO tonggao.attempt (started_at, purpose, url, outcome, decision) "
    "VALUES (%s, 'article', 'u', 'ok', 'none')"
)


async def add_attempt(pool: Pool, moment: dt.datetime) -> None:
    async with pool.connection() as connection:
        await connection.execute(ATTEMPT, (moment,))


async def test_old_months_go_and_young_ones_stay(pool: Pool) -> None:
    now = dt.datetime.now(dt.UTC)
    async with pool.connection() as connection:
        for days in (0, 500, 200):
            for parent in ("slot", "attempt"):
                moment = now - dt.timedelta(days=days)
                await connection.execute("SELECT tonggao.ensure_month(%s, %s)", (parent, moment))
    for days in (1, 200):
        await add_attempt(pool, now - dt.timedelta(days=days))
    async with Fetcher(pool, FetchPolicy(keep_attempts=90 * 86_400.0)) as fetcher:
        await let_go(pool, fetcher, snapshots_days=30)
    months = [name for (name,) in await rows(pool, PARTITIONS, "slot")]
    assert (now - dt.timedelta(days=500)).strftime("slot_%Ym%m") not in months
    assert (now - dt.timedelta(days=200)).strftime("slot_%Ym%m") in months
    assert now.strftime("slot_%Ym%m") in months
    left = await rows(pool, "SELECT count(*) FROM tonggao.attempt")
    assert left == [(1,)]


async def test_a_clock_that_is_ahead_lets_go_of_nothing_more(pool: Pool) -> None:
    now = dt.datetime.now(dt.UTC)
    async with pool.connection() as connection:
        for parent in ("slot", "attempt"):
            moment = now - dt.timedelta(days=40)
            await connection.execute("SELECT tonggao.ensure_month(%s, %s)", (parent, moment))
    await add_attempt(pool, now - dt.timedelta(days=40))
    policy = FetchPolicy(keep_attempts=90 * 86_400.0)
    ahead = dt.timedelta(days=800)
    async with Fetcher(pool, policy, clock=lambda: dt.datetime.now(dt.UTC) + ahead) as fetcher:
        await let_go(pool, fetcher, snapshots_days=30)
    months = [name for (name,) in await rows(pool, PARTITIONS, "slot")]
    assert (now - dt.timedelta(days=40)).strftime("slot_%Ym%m") in months
    assert await rows(pool, "SELECT count(*) FROM tonggao.attempt") == [(1,)]


async def test_an_attempt_of_a_month_that_nobody_made_is_kept_all_the_same(pool: Pool) -> None:
    far = dt.datetime(2031, 5, 5, tzinfo=dt.UTC)
    await add_attempt(pool, far)
    assert await rows(pool, "SELECT count(*) FROM tonggao.attempt_rest") == [(1,)]
    made = await rows(pool, "SELECT tonggao.ensure_month('attempt', %s)", far)
    assert made == [("attempt_rest",)]


async def test_months_are_made_ahead(pool: Pool) -> None:
    await ensure_months(pool)
    await ensure_months(pool)
    for parent in ("slot", "poll"):
        assert len(await rows(pool, PARTITIONS, parent)) == 3
