"""Articles fail, leave, come back and are edited while everything goes wrong: nothing is lost or made up.

``make test-chaos``. Two daemons and 30 sources; beside kills, cuts and restarts there are clocks far ahead
and back, a full disk, and retention beside a foreign transaction that sits idle.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator

import pytest

from scheduler.jobs.tasks import OPERATOR_SECONDS
from tests.chaos.site import BEGIN, Fate, SitePlan, article, fate
from tests.chaos.stage import Stage
from tests.chaos.test_chaos import SECONDS, SEED, enable, opened_stage

pytestmark = pytest.mark.chaos

PLAN = SitePlan(hosts=30, archives=0, first=10, last=10, gap=1.0, past=0, fates=True)
SETTLE_SECONDS = OPERATOR_SECONDS + 120.0
"""What met the full disk waits for the operator, then is done."""
EVERY = "15s"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with opened_stage(PLAN) as made:
        made.more = {"TONGGAO_RECHECK_HOURS": "0"}
        yield made


async def fill(stage: Stage) -> float:
    """Wait until all that does not fail at first is archived; then fate takes its course: from when on."""
    wanted = (
        sum(fate(each) not in {Fate.FAILS, Fate.LOST} for each in range(PLAN.last)) * PLAN.hosts
    )
    async with asyncio.timeout(180):
        while stage.rows("SELECT count(*) FROM tonggao.publication")[0][0] != wanted:
            await asyncio.sleep(1)
    _, writer = await asyncio.open_connection("127.0.0.1", stage.site_port)
    writer.write(f"GET {BEGIN} HTTP/1.1\r\nHost: {PLAN.host(0)}\r\n\r\n".encode())
    await writer.drain()
    writer.close()
    return time.monotonic()


async def wreak(stage: Stage, seconds: float, chance: random.Random) -> None:
    """Each kind of trouble at least once, a day for what fails every few seconds."""
    deeds = [stage.kill_one, stage.kill_one, stage.set_clock_far, stage.jump_clock]
    deeds += [stage.fill_disk, stage.let_go_beside_a_reader, stage.cut_network]  # type: ignore[list-item]
    once = [
        stage.restart_server,
        stage.set_clock_far,
        stage.fill_disk,
        stage.let_go_beside_a_reader,
    ]
    under_way: set[asyncio.Task[None]] = set()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(chance.uniform(3, 8))
        await stage.revive()
        await stage.pass_a_day(chance)
        deed = once.pop() if once else chance.choice(deeds)
        task = asyncio.create_task(deed(chance))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    await stage.heal()


async def settle(stage: Stage, chance: random.Random, fated: float) -> float:
    """Wait until what the site has in the end is what the archive says; the seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < SETTLE_SECONDS:
        await stage.revive()
        await stage.pass_a_day(chance)
        await stage.take_up_again()
        await asyncio.sleep(5)
        over = time.monotonic() - fated > max(one.last for one in Fate)
        if over and not any(await asyncio.to_thread(differences, stage)):
            break
    return time.monotonic() - began


def differences(stage: Stage) -> tuple[list[str], list[str], list[str]]:
    """Articles that are missing, that are said to be withdrawn, and whose text is not the site's."""
    rows = stage.rows(
        "SELECT p.url, p.withdrawn_at IS NOT NULL, v.body FROM tonggao.publication p"
        " JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from"
    )
    found = {str(url): (bool(gone), str(body)) for url, gone, body in rows}
    wanted = {url: last_number(url) for url in PLAN.articles()}
    missing = sorted(wanted.keys() - found.keys())
    withdrawn = sorted(url for url, (gone, _) in found.items() if gone)
    stale = sorted(url for url, (_, body) in found.items() if f"共完成{wanted[url]}件" not in body)
    return missing, withdrawn, stale


def last_number(url: str) -> int:
    """The number that the last paragraph of the article states in the end."""
    number = int(url.rpartition("/t")[2].removesuffix(".html"))
    return number * 7 + 4 + (fate(number) is Fate.EDITED)


async def test_nothing_is_lost_or_made_up(stage: Stage) -> None:
    chance = random.Random(SEED)
    await enable(stage, EVERY)
    await stage.begin_site()
    for number in range(2):
        await stage.add(f"daemon{number}", "daemon")
    fated = await fill(stage)
    await wreak(stage, max(SECONDS, 200.0), chance)
    settled = await settle(stage, chance, fated)
    codes = [await actor.end() for actor in stage.actors]
    figures = measure(stage) | {
        "seed": SEED,
        "settled after s": round(settled),
        "exit codes": codes,
    }
    show(stage, figures)
    for name in ("missing", "still withdrawn", "stale texts", "not of the site"):
        assert figures[name] == [], name
    for name in (
        "texts that the site never had",
        "revisions of articles that were not edited",
        "times in the future",
        "jobs stuck",
        "jobs set aside",
        "runs open",
        "open slots without a job",
    ):
        assert figures[name] == 0, name
    assert figures["withdrawn"] == figures["restored"] != 0
    assert codes == [0] * len(codes)


def measure(stage: Stage) -> dict[str, object]:
    """What the archive says."""
    one = {
        "publications": "SELECT count(*) FROM tonggao.publication",
        "revisions": "SELECT count(*) FROM tonggao.revision",
        "edits told": "SELECT count(*) FROM tonggao.change WHERE kind = 'revision'",
        "withdrawn": "SELECT count(*) FROM tonggao.change WHERE kind = 'withdrawn'",
        "restored": "SELECT count(*) FROM tonggao.change WHERE kind = 'restored'",
        "observations of a doubtful clock": "SELECT count(*) FROM tonggao.attempt WHERE clock_doubtful",
        "alarms about clocks": "SELECT count(*) FROM tonggao.event WHERE kind = 'clock'",
        "failing addresses left": "SELECT count(*) FROM tonggao.url_state",
        "times in the future": (
            "SELECT (SELECT count(*) FROM tonggao.publication WHERE greatest(last_seen_at, revision_from) > "
            "now() + interval '5 min') + (SELECT count(*) FROM tonggao.revision WHERE valid_from > "
            "now() + interval '5 min') + (SELECT count(*) FROM tonggao.attempt WHERE started_at > "
            "now() + interval '5 min')"
        ),
        "jobs stuck": "SELECT count(*) FROM queue.procrastinate_jobs WHERE status = 'doing'",
        "jobs set aside": "SELECT count(*) FROM tonggao.job_start WHERE set_aside_at IS NOT NULL",
        "runs open": "SELECT count(*) FROM tonggao.run r WHERE state = 'running' AND NOT EXISTS "
        "(SELECT FROM tonggao.slot s WHERE s.source_id = r.source_id AND s.due_at = r.slot_at AND s.state = 'open')",
        "open slots without a job": (
            "SELECT count(*) FROM tonggao.slot s WHERE state = 'open' AND NOT EXISTS (SELECT FROM "
            "queue.procrastinate_jobs j WHERE j.id = s.job_id AND j.status = 'todo')"
        ),
        "slots begun again": "SELECT count(*) FROM tonggao.slot WHERE starts > 1",
        "months from 500 days ago left": (
            "SELECT count(*) FROM pg_class WHERE relname ~ "
            "('^(slot|poll|attempt)_' || to_char(now() - interval '500 days', 'YYYY\"m\"MM') || '$')"
        ),
    }
    figures: dict[str, object] = {name: stage.rows(query)[0][0] for name, query in one.items()}
    figures["missing"], figures["still withdrawn"], figures["stale texts"] = (
        each[:5] for each in differences(stage)
    )
    return figures | texts(stage)


def texts(stage: Stage) -> dict[str, object]:
    """Every text of the archive held against what the site ever served."""
    never, unedited = 0, 0
    urls = set()
    rows = stage.rows(
        "SELECT p.url, v.body, row_number() OVER (PARTITION BY p.publication_id ORDER BY v.valid_from)"
        " FROM tonggao.revision v JOIN tonggao.publication p USING (publication_id)"
    )
    for url, body, place in rows:
        host, _, path = str(url).removeprefix("http://").partition("/")
        number = int(path.removeprefix("art/t").removesuffix(".html"))
        urls.add(str(url))
        served = [article(host, number, edited=edited) for edited in (False, True)]
        if fate(number) is not Fate.EDITED:
            served.pop()
        lines = str(body).splitlines()
        never += not any(all(line.strip() in page for line in lines) for page in served)
        unedited += int(str(place)) > 1 and fate(number) is not Fate.EDITED
    return {
        "texts that the site never had": never,
        "revisions of articles that were not edited": unedited,
        "not of the site": sorted(urls - PLAN.articles())[:5],
    }


def show(stage: Stage, figures: dict[str, object]) -> None:
    """What went wrong, and the table."""
    print(file=sys.stderr)
    print("  ".join(stage.done), file=sys.stderr)
    for name, value in figures.items():
        print(f"{name:<44} {value}", file=sys.stderr)
