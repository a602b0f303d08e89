"""A daemon on a local site for half an hour: memory, connections and open files must not grow.

``python -m benchmarks.scheduler_soak [MINUTES]``: a server, a site of 40 publishers with a new article
every minute or so, one daemon with a parser process; figures each minute, then a verdict.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from scraper.database import migrate, open_pool
from scraper.database.embedded import cluster as clusters
from scraper.sources import load_catalogue
from scraper.visit import register_sources
from tests.chaos.site import SitePlan
from tests.chaos.stage import DATABASE, Stage

EVERY = "20s"
COLUMNS = (
    "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())",
    "(SELECT count(*) FROM tonggao.publication)",
    "(SELECT count(*) FROM tonggao.slot WHERE state = 'done')",
    "(SELECT count(*) FROM tonggao.slot WHERE state = 'failed')",
    "(SELECT count(*) FROM queue.procrastinate_jobs)",
)


def resident_mb(pid: int) -> float:
    """Memory of a process and its children, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    own = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = " ".join((task / "children").read_text("ascii") for task in tasks).split()
    return own + sum(resident_mb(int(child)) for child in children)


def open_files(pid: int) -> int:
    """Open files of a process, sockets among them."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


async def prepared(folder: Path, plan: SitePlan, every: str = EVERY) -> Stage:
    """A server, a database with the sources enabled, a site."""
    cluster = clusters.open_cluster(folder / "cluster")
    clusters.initialise(cluster)
    clusters.start(cluster)
    with psycopg.connect(clusters.url(cluster, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        stage = Stage(folder, plan, cluster, probe.getsockname()[1])
    ids = stage.write_sources(every)
    await migrate(stage.url)
    async with open_pool(stage.url) as pool:
        await register_sources(pool, load_catalogue(folder / "sources").select(ids=ids))
        async with pool.connection() as connection:
            await connection.execute(
                "UPDATE tonggao.source SET enabled = true WHERE source_id = ANY(%s)", (ids,)
            )
    await stage.begin_site()
    return stage


async def soak(stage: Stage, minutes: int) -> list[tuple[float, ...]]:
    """Figures of each minute: MB, open files, and ``COLUMNS``."""
    stage.more = {"TONGGAO_PARSE_WORKERS": "1"}
    daemon = await stage.add("daemon", "daemon")
    if daemon.process is None:
        raise RuntimeError("the daemon did not start")
    seen: list[tuple[float, ...]] = []
    for minute in range(minutes + 1):
        await asyncio.sleep(60 if minute else 20)
        [counts] = await asyncio.to_thread(stage.rows, f"SELECT {', '.join(COLUMNS)}")
        pid = daemon.process.pid
        numbers = tuple(float(str(count)) for count in counts)
        seen.append((round(resident_mb(pid), 1), open_files(pid), *numbers))
        print(minute, *seen[-1], flush=True)
    print("exit code", await daemon.end())
    return seen


def open_folder() -> Path:
    """A folder that the server's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="tonggao-soak-"))
    folder.chmod(0o755)
    return folder


async def main(minutes: int) -> None:
    folder = open_folder()
    plan = SitePlan(hosts=40, archives=0, first=5, last=60, gap=60.0, past=0)
    stage = await prepared(folder, plan)
    began = time.monotonic()
    print("minute MB files connections publications done failed jobs", flush=True)
    try:
        seen = await soak(stage, minutes)
    finally:
        await stage.close()
        clusters.stop(stage.cluster)
        shutil.rmtree(folder)
    first, last = seen[min(3, len(seen) - 1)], seen[-1]
    print(
        f"{time.monotonic() - began:.0f} s; memory {first[0]} -> {last[0]} MB, "
        f"files {first[1]:.0f} -> {last[1]:.0f}, connections {first[2]:.0f} -> {last[2]:.0f}"
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
