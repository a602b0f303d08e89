"""How much one daemon does, and what a second process adds.

``python -m benchmarks.scheduler_throughput [--seconds 60]``: 300 publishers on a local site, each due
every second, hosts without rest, so that the processes are what limits; visits and archived articles
a second, processor time of all of them, for one daemon and for a daemon with a worker beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import time
from pathlib import Path

from benchmarks.scheduler_soak import open_folder, prepared
from scraper.database.embedded import cluster as clusters
from tests.chaos.site import SitePlan
from tests.chaos.stage import Actor, Stage

_COUNTS = (
    "SELECT (SELECT count(*) FROM tonggao.slot WHERE state = 'done'), "
    "(SELECT count(*) FROM tonggao.publication)"
)


def processor_seconds(pid: int) -> float:
    """User and system time of a process and its children so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = " ".join((task / "children").read_text("ascii") for task in tasks).split()
    return own + sum(processor_seconds(int(child)) for child in children)


def used(actors: list[Actor]) -> float:
    """Processor time of all processes."""
    return sum(processor_seconds(a.process.pid) for a in actors if a.process is not None)


async def measure(stage: Stage, seconds: float) -> None:
    """Visits and articles a second in steady work."""
    await asyncio.sleep(8)
    [(visits, articles)] = stage.rows(_COUNTS)
    began, before = time.monotonic(), used(stage.actors)
    await asyncio.sleep(seconds)
    passed = time.monotonic() - began
    [(later, more)] = stage.rows(_COUNTS)
    load = 100 * (used(stage.actors) - before) / passed
    print(
        f"{len(stage.actors)} process(es): {(int(str(later)) - int(str(visits))) / passed:.1f} visits/s, "
        f"{(int(str(more)) - int(str(articles))) / passed:.1f} articles/s, {load:.0f} % of a core"
    )


async def main(seconds: float) -> None:
    folder = open_folder()
    plan = SitePlan(hosts=300, archives=0, first=1, last=5000, gap=6.0, past=0)
    stage = await prepared(folder, plan, every="1s")
    stage.more = {
        "TONGGAO_HOST_INTERVAL": "0",
        "TONGGAO_CONCURRENCY": "32",
        "TONGGAO_POOL_SIZE": "8",
    }
    try:
        await stage.add("daemon", "daemon")
        await measure(stage, seconds)
        await stage.add("worker", "worker")
        await measure(stage, seconds)
    finally:
        await stage.close()
        clusters.stop(stage.cluster)
        shutil.rmtree(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0)
    asyncio.run(main(parser.parse_args().seconds))
