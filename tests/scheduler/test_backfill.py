"""A backfill goes on where it was, whoever works on it, and asks for nothing twice."""

from __future__ import annotations

import asyncio
import datetime as dt

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.backfill import store
from scheduler.backfill.model import Backfill, Order
from scheduler.backfill.progress import Progress, in_words, progress_of, seconds_left
from scheduler.crew import Crew
from scraper.errors import ListingError, UsageError
from scraper.listing.model import Link
from tests.scheduler.conftest import Site, add_sources, at_work, rows, until

DAY = dt.date(2026, 6, 1)


def page(first: int, count: int = 5) -> tuple[Link, ...]:
    """Links with falling days."""
    return tuple(
        Link(f"http://a.test/{number}", f"{number}", DAY - dt.timedelta(days=number))
        for number in range(first, first + count)
    )


async def started(crew: Crew, **order: object) -> int:
    await add_sources(crew.pool, "a")
    number, fresh = await store.create(crew.pool, crew.queue, Order("a", **order), "w")  # type: ignore[arg-type]
    assert fresh
    return number


async def rests(crew: Crew, number: int) -> bool:
    return (await store.find(crew.pool, number)).state != "running"


async def test_it_walks_all_pages_and_keeps_every_article_once(crew: Crew, site: Site) -> None:
    site.pages = [page(0), page(5), page(10)]
    crew.batch = 2
    number = await started(crew)
    async with at_work(crew):
        await until(lambda: rests(crew, number))
    backfill = await store.find(crew.pool, number)
    assert (backfill.state, backfill.pages, backfill.walked) == ("done", 3, True)
    assert site.pages_read == [0, 1, 2]
    assert site.kept == [link.url for pages in site.pages for link in pages]
    assert await store.counts(crew.pool, number) == {"new": 15}
    runs = await rows(crew.pool, "SELECT kind, state, listed, new FROM tonggao.run")
    assert runs == [("backfill", "done", 15, 15)]


async def test_only_days_asked_for_are_kept(crew: Crew, site: Site) -> None:
    site.pages = [page(0, 10)]
    number = await started(
        crew, from_date=DAY - dt.timedelta(days=6), to_date=DAY - dt.timedelta(days=3)
    )
    async with at_work(crew):
        await until(lambda: rests(crew, number))
    assert site.kept == [f"http://a.test/{number}" for number in (3, 4, 5, 6)]


async def test_a_list_that_turns_in_a_circle_ends(crew: Crew, site: Site) -> None:
    site.pages = [page(0), page(0), page(0), page(5)]
    number = await started(crew)
    async with at_work(crew):
        await until(lambda: rests(crew, number))
    backfill = await store.find(crew.pool, number)
    assert (backfill.state, backfill.pages) == ("done", 2)
    assert "repeated" in (backfill.remark or "")


async def test_what_was_settled_is_not_asked_for_again_after_trouble(
    crew: Crew, site: Site
) -> None:
    site.pages = [page(0)]
    fallen: list[str] = []

    async def fall_once(url: str) -> None:
        if url.endswith("/3") and not fallen:
            fallen.append(url)
            raise psycopg.OperationalError("gone")

    site.on_keep = fall_once
    number = await started(crew)
    async with at_work(crew):
        await until(lambda: rests(crew, number))
    assert site.kept == [link.url for link in page(0)]


async def adopted_and_rests(crew: Crew, number: int) -> bool:
    """As the daemon's sweep does it again and again: the paused step may not have ended yet."""
    await store.adopt_lost_backfills(crew.pool, crew.queue)
    return await rests(crew, number)


async def test_pause_and_resume(crew: Crew, site: Site) -> None:
    site.pages = [page(0), page(5)]
    reached = asyncio.Event()
    crew.batch = 1

    async def note(url: str) -> None:
        if url.endswith("/2"):
            await store.steer(crew.pool, number, "paused")
            reached.set()

    site.on_keep = note
    number = await started(crew)
    async with at_work(crew):
        await reached.wait()
        await until(lambda: rests(crew, number))
        assert len(site.kept) <= 3
        await store.steer(crew.pool, number, "running")
        await until(lambda: adopted_and_rests(crew, number))
    assert len(site.kept) == 10
    assert len(set(site.kept)) == 10


async def test_the_same_order_goes_on_instead_of_beginning_again(crew: Crew) -> None:
    number = await started(crew, from_date=DAY)
    again, fresh = await store.create(crew.pool, crew.queue, Order("a", from_date=DAY), "w")
    assert (again, fresh) == (number, False)
    other, fresh = await store.create(crew.pool, crew.queue, Order("a"), "w")
    assert (other != number, fresh) == (True, True)
    jobs = await rows(crew.pool, "SELECT count(*) FROM queue.procrastinate_jobs")
    assert jobs == [(2,)]


async def test_a_cancelled_one_stays_so(crew: Crew) -> None:
    number = await started(crew)
    await store.steer(crew.pool, number, "cancelled")
    with pytest.raises(UsageError, match="cancelled"):
        await store.steer(crew.pool, number, "running")
    with pytest.raises(UsageError, match="no backfill 999"):
        await store.find(crew.pool, 999)


async def test_a_list_that_cannot_be_read_fails_it_with_the_reason(crew: Crew, site: Site) -> None:
    async def broken(*_: object) -> None:
        raise ListingError("no list there")

    crew.read_page = broken  # type: ignore[assignment]
    number = await started(crew)
    async with at_work(crew):
        await until(lambda: rests(crew, number))
    backfill = await store.find(crew.pool, number)
    assert (backfill.state, backfill.remark) == ("failed", "no list there")


async def test_one_whose_job_is_gone_is_taken_over(crew: Crew, site: Site) -> None:
    site.pages = [page(0)]
    number = await started(crew)
    async with crew.pool.connection() as connection:
        await connection.execute("DELETE FROM queue.procrastinate_jobs")
    assert await store.adopt_lost_backfills(crew.pool, crew.queue) == 1
    async with at_work(crew):
        await until(lambda: rests(crew, number))
    assert len(site.kept) == 5


def backfill(**changes: object) -> Backfill:
    values: dict[str, object] = dict.fromkeys(Backfill.__slots__)
    values |= {"state": "running", "walked": False, "pages": 1, "starts": 0, **changes}
    return Backfill(**values)  # type: ignore[arg-type]


def test_no_total_is_claimed_before_a_part_was_walked() -> None:
    early = backfill(
        from_date=dt.date(2020, 1, 1),
        to_date=dt.date(2025, 12, 31),
        oldest_date=dt.date(2025, 12, 1),
    )
    assert progress_of(early, {"open": 20}, DAY).total is None
    assert progress_of(backfill(), {"open": 20}, DAY).total is None


def test_the_total_is_estimated_from_the_days_walked_and_exact_at_the_end() -> None:
    span = {"from_date": dt.date(2025, 1, 1), "to_date": dt.date(2025, 12, 31)}
    half = progress_of(
        backfill(**span, oldest_date=dt.date(2025, 7, 2)), {"open": 60, "new": 40}, DAY
    )
    assert half.total == pytest.approx(200, rel=0.02)
    assert (half.done, half.exact) == (40, False)
    done = progress_of(backfill(**span, walked=True), {"new": 90, "timeout": 10}, DAY)
    assert (done.total, done.exact, done.archived, done.unreached) == (100, True, 90, 10)


@given(done=st.integers(0, 1000), before=st.integers(0, 1000), seconds=st.floats(0, 1e6))
def test_no_speed_is_claimed_from_a_glance(done: int, before: int, seconds: float) -> None:
    progress = Progress(done, 1000, 1000, True, done, 0)
    left = seconds_left(progress, before, seconds)
    if done - before < 10 or seconds <= 0:
        assert left is None
    else:
        assert left is not None
        assert left >= 0


def test_lengths_of_time_are_told_no_finer_than_known() -> None:
    told = [in_words(seconds) for seconds in (None, 1, 44, 600, 7200, 400_000)]
    assert told == [
        "not known yet",
        "about 10 s",
        "about 40 s",
        "about 10 min",
        "about 2 h",
        "about 5 days",
    ]
