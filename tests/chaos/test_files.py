"""Files of releases while everything goes wrong: none is lost, doubled or made up.

``make test-chaos``. Two daemons are killed while pages with files, and rows straight to files, are fetched;
files are replaced, come late, and go. In the end each address has the version that the site has, once.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections.abc import AsyncIterator

import pytest

from tests.chaos.file_site import GONE, LAST, FileFate, fate, files, versions
from tests.chaos.site import BEGIN, SitePlan
from tests.chaos.stage import Stage
from tests.chaos.test_chaos import SECONDS, SEED, enable, opened_stage
from tests.chaos.test_fates import show

pytestmark = pytest.mark.chaos

PLAN = SitePlan(hosts=12, archives=0, first=10, last=10, gap=1.0, past=0, fates=False)
SETTLE_SECONDS = 300.0
FULL_TABLES = ("file", "file_version", "file_text", "kept_file", "revision", "slot")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with opened_stage(PLAN) as made:
        made.more = {"TONGGAO_RECHECK_HOURS": "0"}
        made.site_module, made.full_tables = "tests.chaos.file_site", FULL_TABLES
        made.defined = 'attachments = "keep"\n'
        yield made


async def pass_a_day(stage: Stage, chance: random.Random) -> None:
    """For files, too: they are looked at once a day."""
    await stage.pass_a_day(chance)
    day = "UPDATE tonggao.file_address SET checked_at = checked_at - interval '25 hours'"
    await stage.change([f"{day}, next_try_at = least(next_try_at, now())"])


async def fill(stage: Stage) -> float:
    """Wait until each file that is there at first is archived; then fate takes its course."""
    there = sum(fate(number).version(0.0) is not None for number in range(PLAN.last))
    async with asyncio.timeout(240):
        while stage.rows("SELECT count(*) FROM tonggao.file_version")[0][0] != there * PLAN.hosts:
            await asyncio.sleep(1)
    _, writer = await asyncio.open_connection("127.0.0.1", stage.site_port)
    writer.write(f"GET {BEGIN} HTTP/1.1\r\nHost: {PLAN.host(0)}\r\n\r\n".encode())
    await writer.drain()
    writer.close()
    return time.monotonic()


async def wreak(stage: Stage, seconds: float, chance: random.Random) -> None:
    """Mostly kill -9; a day for files every few seconds."""
    deeds = [stage.kill_one] * 5 + [stage.cut_network, stage.fill_disk, stage.restart_server]
    once = [stage.restart_server, stage.fill_disk, stage.fill_disk, stage.cut_network]
    under_way: set[asyncio.Task[None]] = set()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(chance.uniform(1, 4))
        await stage.revive()
        await pass_a_day(stage, chance)
        task = asyncio.create_task((once.pop() if once else chance.choice(deeds))(chance))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    await stage.heal()


async def settle(stage: Stage, chance: random.Random, fated: float) -> float:
    """Wait until the archive has of each file what the site has in the end; the seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < SETTLE_SECONDS:
        await stage.revive()
        await pass_a_day(stage, chance)
        await stage.take_up_again()
        await asyncio.sleep(5)
        over = time.monotonic() - fated > max(LAST, GONE)
        if over and not any((await asyncio.to_thread(faults, stage)).values()):
            break
    return time.monotonic() - began


def faults(stage: Stage) -> dict[str, list[str]]:
    """Addresses without what the site has in the end, those that say otherwise, and what is not of the site."""
    history: dict[str, list[str]] = {}
    for url, digest in stage.rows(
        "SELECT a.url, encode(v.digest, 'hex') FROM tonggao.file_version v JOIN tonggao.file_address a"
        " USING (url_digest) ORDER BY a.url, v.first_at"
    ):
        history.setdefault(str(url), []).append(str(digest))
    had = {
        url: [hashlib.sha256(v).hexdigest() for v in versions(*each)]
        for url, each in files(PLAN).items()
    }
    asked = stage.rows("SELECT url, outcome FROM tonggao.file_address")
    outcomes = {str(url): outcome for url, outcome in asked}
    gone = [url for url, (_, number) in files(PLAN).items() if fate(number) is FileFate.GOES]
    return {
        "addresses without the last version": [
            u for u in had if history.get(u, [])[-1:] != had[u][-1:]
        ],
        "versions that came twice": [
            u for u, seen in history.items() if len(set(seen)) < len(seen)
        ],
        "versions out of order": [
            u for u, seen in history.items() if seen != [d for d in had.get(u, []) if d in seen]
        ],
        "gone and not said to be": [url for url in gone if outcomes.get(url) != "gone"],
    }


BROKEN = {
    "contents whose bytes are others": "SELECT count(*) FROM tonggao.file WHERE content IS NOT NULL AND sha256(content) <> digest",
    "contents without bytes": "SELECT count(*) FROM tonggao.file WHERE content IS NULL",
    "contents of no version": "SELECT count(*) FROM tonggao.file f WHERE NOT EXISTS (SELECT FROM tonggao.file_version v WHERE v.digest = f.digest)",
    "contents without a text": "SELECT count(*) FROM tonggao.file f WHERE NOT EXISTS (SELECT FROM tonggao.file_text t WHERE t.digest = f.digest AND t.state = 'read')",
    "addresses that are not at their last version": "SELECT count(*) FROM tonggao.file_address a WHERE a.digest IS DISTINCT FROM "
    "(SELECT v.digest FROM tonggao.file_version v WHERE v.url_digest = a.url_digest ORDER BY v.first_at DESC LIMIT 1)",
    "pages that are not at their address's version": "SELECT count(*) FROM tonggao.kept_file k JOIN tonggao.file_address a USING (url_digest) "
    "WHERE k.digest IS DISTINCT FROM a.digest",
}


async def test_no_file_is_lost_or_doubled(stage: Stage) -> None:
    chance = random.Random(SEED)
    await enable(stage, "10s")
    await stage.begin_site()
    for number in range(2):
        await stage.add(f"daemon{number}", "daemon")
    fated = await fill(stage)
    await wreak(stage, SECONDS, chance)
    settled = await settle(stage, chance, fated)
    codes = [await actor.end() for actor in stage.actors]
    found = faults(stage)
    figures: dict[str, object] = {name: stage.rows(query)[0][0] for name, query in BROKEN.items()}
    broken = dict(figures)
    figures |= {
        "files of the site": len(files(PLAN)),
        "versions": stage.rows("SELECT count(*) FROM tonggao.file_version")[0][0],
        "changes told": stage.rows("SELECT count(*) FROM tonggao.change WHERE kind = 'file_changed'")[0][0],
        "publications": stage.rows("SELECT count(*) FROM tonggao.publication")[0][0],
        "kills": sum(deed.startswith("kill") for deed in stage.done),
        "seconds of trouble": round(SECONDS), "seed": SEED,
        "settled after s": round(settled), "exit codes": codes,
    }  # fmt: skip
    figures |= {name: each[:5] for name, each in found.items()}
    show(stage, figures)
    assert not any(found.values())
    assert broken == dict.fromkeys(BROKEN, 0)
    assert figures["publications"] == len(files(PLAN))
    later = stage.rows(
        "SELECT (SELECT count(*) FROM tonggao.file_version) - (SELECT count(*) FROM tonggao.file_address)"
    )
    assert figures["changes told"] == later[0][0]
    assert codes == [0] * len(codes)
