"""Daemons under kill -9 while releases come and a receiver fails at times: none is lost, none told twice by name.

``make test-chaos``. TONGGAO_TEST_CHAOS_SECONDS and TONGGAO_TEST_CHAOS_SEED as in ``test_chaos.py``.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time

import pytest

from scheduler.watches.targets import read_target
from scraper.archive import Archive, Observation, ensure_partitions
from scraper.archive.watching import keeping
from scraper.archive.watching.events import read_wanted
from scraper.archive.watching.keeping import NewWatch
from scraper.clock import now
from scraper.database import migrate, open_pool
from scraper.errors import DatabaseError
from scraper.record.release import Release
from tests.chaos.site import SitePlan
from tests.chaos.stage import Stage
from tests.chaos.test_chaos import SECONDS, SEED, opened_stage
from tests.watches.hook import Hook, opened_hook, status

pytestmark = pytest.mark.chaos
PLAN = SitePlan(hosts=1, archives=0, first=1, last=1, gap=25.0, past=1)
SETTLE_SECONDS = 240.0
DAEMONS = 2
WORDS = ("供热", "防汛", "教育", "医保")


class Moody(Hook):
    """Takes most messages; some it refuses for a while, some it takes without saying so."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.well = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.answers = []
        if not self.well and (drawn := self.chance.random()) < 0.3:
            self.answers = [status(503) if drawn < 0.2 else b""]
        await super().serve(reader, writer)


def observed(number: int) -> Observation:
    """A release of today with one of the words."""
    url = f"https://chaos.example/{number}.html"
    word = WORDS[number % len(WORDS)]
    paragraphs = (
        f"第{number}号{word}工作{chr(0x4E00 + number) * 9}今日部署。",
        f"编号{number * 7919}。" * 5,
    )
    release = Release(
        title=f"第{number}次{word}会议", paragraphs=paragraphs, url=url, published_at=now(),
        published_precision="minute", parser_version="1",
    )  # fmt: skip
    return Observation(
        url=url,
        release=release,
        source_id="chaos.one",
        fetched_at=now(),
        body=url.encode(),
        status=200,
    )


async def write(stage: Stage, end: float) -> int:
    """Archive releases until then, whatever happens to the server; how many."""
    number = 0
    while time.monotonic() < end:
        async with asyncio.timeout(90):
            while True:
                try:
                    async with open_pool(stage.url) as pool:
                        await Archive(pool).store(observed(number))
                except DatabaseError:
                    await asyncio.sleep(0.5)
                else:
                    break
        number += 1
        await asyncio.sleep(0.2)
    return number


async def wreak(stage: Stage, chance: random.Random, end: float) -> None:
    """Kill daemons, and the server at times."""
    while time.monotonic() < end:
        await asyncio.sleep(chance.uniform(0.5, 6))
        await stage.revive()
        if chance.random() < 0.06:
            await stage.restart_server(chance)
        else:
            await stage.kill_one(chance)


async def settle(stage: Stage, hook: Moody) -> None:
    """Wait until all that matched is told; what waits is due at once, as after an hour."""
    hook.well = True
    later = "UPDATE tonggao.watch_message SET next_try_at = now(), claimed_until = NULL WHERE sent_at IS NULL"
    await stage.change([later])
    end = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < end:
        await stage.revive()
        await asyncio.sleep(1)
        [(untold, position, last)] = await asyncio.to_thread(
            stage.rows,
            "SELECT (SELECT count(*) FROM tonggao.watch_match WHERE message_id IS NULL)"
            " + (SELECT count(*) FROM tonggao.watch_message WHERE sent_at IS NULL),"
            " (SELECT position FROM tonggao.watch_place), (SELECT max(position) FROM tonggao.change_position)",
        )
        if untold == 0 and position == last:
            return


async def test_each_match_is_told_under_one_key() -> None:
    chance = random.Random(SEED)
    hook = Moody(chance)
    async with opened_hook(hook), opened_stage(PLAN) as stage:
        await migrate(stage.url)
        async with open_pool(stage.url) as pool:
            await ensure_partitions(pool)
            async with pool.connection() as connection:
                await connection.execute(
                    "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists)"
                    " VALUES ('chaos.one', '一', '一', 'gov-portal', '{}')"
                )
            for word in WORDS:
                new = NewWatch(word, read_wanted("new"), daily=1000)
                await keeping.add(pool, new, read_target(hook.address))
        for number in range(DAEMONS):
            await stage.add(f"daemon{number}", "daemon")
        end = time.monotonic() + SECONDS
        stored, _ = await asyncio.gather(write(stage, end), wreak(stage, chance, end))
        await settle(stage, hook)
        codes = [await actor.end() for actor in stage.actors]
        judge(stage, hook, stored, codes)


def judge(stage: Stage, hook: Hook, stored: int, codes: list[int]) -> None:
    """Every release is a match of its word's watch, and is in the messages of one key."""
    told: dict[str, int] = {}
    for got in hook.received:
        key, counted = got.headers["webhook-id"], sum(got.told["counted"].values())
        assert told.setdefault(key, counted) == counted
    matched = stage.rows("SELECT release_id FROM tonggao.watch_match")
    [(late,)] = stage.rows(
        "SELECT extract(epoch FROM percentile_cont(0.95) WITHIN GROUP (ORDER BY matched_at - happened_at))::float"
        " FROM tonggao.watch_match"
    )
    keys = {str(key) for (key,) in stage.rows("SELECT key FROM tonggao.watch_message")}
    figures = {
        "releases": stored, "matches": len(matched), "messages": len(keys), "requests": len(hook.received),
        "told": sum(told.values()), "noted after s, 95 in 100": late, "daemons begun": sum(actor.starts for actor in stage.actors), "seed": SEED,
    }  # fmt: skip
    print(figures, file=sys.stderr)
    assert len(matched) == len(set(matched)) == stored
    assert told.keys() == keys
    assert sum(told.values()) == stored
    assert codes == [0] * len(codes)
