"""The stage of the chaos suite: a server of its own, a site, processes that are killed and begun again."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psycopg
from psycopg_pool import PoolTimeout

from scheduler.daemon.retention import let_go
from scraper.database import open_pool
from scraper.database.embedded import cluster as clusters
from scraper.database.embedded.account import run_as
from scraper.database.embedded.cluster import Cluster
from scraper.fetch import Fetcher
from tests.chaos.cut import Cable
from tests.chaos.site import SitePlan

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "chaos"
HOST_INTERVAL = 0.3

_FULL = """
CREATE OR REPLACE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device';
END $$;
CREATE OR REPLACE TRIGGER full_disk BEFORE INSERT ON tonggao.{table} FOR EACH ROW EXECUTE FUNCTION public.full_disk();
"""
FULL_TABLES = ("revision", "slot", "attempt", "run")


@dataclass
class Actor:
    """A process of ours: begun again by the stage when it has ended."""

    name: str
    arguments: tuple[str, ...]
    cable: Cable
    folder: Path
    process: asyncio.subprocess.Process | None = None
    starts: int = 0

    @property
    def clock(self) -> Path:
        return self.folder / f"{self.name}.clock"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def begin(self, environment: dict[str, str]) -> None:
        self.clock.write_text("0")
        self.starts += 1
        with self.log.open("a") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "scheduler",
                *self.arguments,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={
                    **environment,
                    "TONGGAO_DATABASE_URL": (
                        f"host=127.0.0.1 port={self.cable.port} user={clusters.OWNER} "
                        f"dbname={DATABASE} sslmode=disable"
                    ),
                    "TONGGAO_TEST_CLOCK": str(self.clock),
                },
            )

    def kill(self) -> None:
        if self.runs and self.process is not None:
            self.process.kill()

    async def end(self, seconds: float = 60.0) -> int:
        """Stop it as an operator would; its exit code."""
        if not self.runs or self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(seconds):
            return await self.process.wait()


@dataclass
class Stage:
    """Everything that takes part.

    Attributes:
        site_module: the program that is the site.
        full_tables: those whose disk is full at times.
        defined: further lines of each source's definition.
    """

    folder: Path
    plan: SitePlan
    cluster: Cluster
    site_port: int
    actors: list[Actor] = field(default_factory=list)
    site: asyncio.subprocess.Process | None = None
    done: list[str] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)
    site_module: str = "tests.chaos.site"
    full_tables: tuple[str, ...] = FULL_TABLES
    defined: str = ""

    @property
    def url(self) -> str:
        return clusters.url(self.cluster, DATABASE)

    @property
    def site_log(self) -> Path:
        return self.folder / "site.log"

    def environment(self) -> dict[str, str]:
        hosts = {self.plan.host(n): f"127.0.0.1:{self.site_port}" for n in range(self.plan.hosts)}
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("TONGGAO_")}
        return {
            **inherited,
            "PYTHONPATH": str(Path(__file__).parent / "skew"),
            "TONGGAO_CONFIG": str(self.folder / "none.toml"),
            "TONGGAO_SOURCES_DIR": str(self.folder / "sources"),
            "TONGGAO_TEST_HOSTS": json.dumps(hosts),
            "TONGGAO_HOST_INTERVAL": str(HOST_INTERVAL),
            "TONGGAO_HOST_JITTER": "0",
            "TONGGAO_REQUEST_TIMEOUT": "5",
            "TONGGAO_PARSE_WORKERS": "0",
            "TONGGAO_POOL_SIZE": "4",
            "TONGGAO_CONCURRENCY": "12",
            "TONGGAO_LOG_FORMAT": "json",
            **self.more,
        }

    def write_sources(self, every: str) -> list[str]:
        """A definition for each host; their ids."""
        folder = self.folder / "sources"
        folder.mkdir()
        ids = []
        for number in range(self.plan.hosts):
            host = self.plan.host(number)
            ids.append(f"chaos.{host.split('.')[0]}")
            (folder / f"{host}.toml").write_text(
                f'id = "{ids[-1]}"\nname = "第{number}县"\npublisher = "第{number}县"\n'
                f'kind = "gov-portal"\nlists = ["http://{host}/col/index.html"]\n'
                f'every = "{every}"\nmax_pages = 1\n{self.defined}',
                "utf-8",
            )
        return ids

    async def begin_site(self) -> None:
        self.site = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            self.site_module,
            str(self.site_port),
            str(self.site_log),
            json.dumps(asdict(self.plan)),
            cwd=ROOT,
        )

    async def add(self, name: str, *arguments: str) -> Actor:
        cable = Cable(self.cluster.socket)
        await cable.plug()
        actor = Actor(name, arguments, cable, self.folder)
        self.actors.append(actor)
        await actor.begin(self.environment())
        return actor

    async def revive(self) -> None:
        """Begin again what has ended and is not through with its work."""
        for actor in self.actors:
            over = actor.process is not None and actor.process.returncode == 0
            if not actor.runs and not (over and actor.arguments[0] == "backfill"):
                await actor.begin(self.environment())

    async def close(self) -> None:
        for actor in self.actors:
            actor.kill()
            actor.cable.unplug()
        if self.site is not None:
            self.site.kill()
            await self.site.wait()

    # What goes wrong. Each returns once it is over, apart from what the processes make of it.

    async def kill_one(self, chance: random.Random) -> None:
        actor = chance.choice([actor for actor in self.actors if actor.runs])
        self.note(f"kill -9 {actor.name}")
        actor.kill()

    async def restart_server(self, _: random.Random) -> None:
        self.note("PostgreSQL: stop -m immediate, start")
        command = [str(self.cluster.programs / "pg_ctl"), "stop", "--mode=immediate", "--silent"]
        await asyncio.to_thread(
            run_as, self.cluster.account, [*command, f"--pgdata={self.cluster.data}"]
        )
        await asyncio.to_thread(clusters.start, self.cluster)

    async def cut_network(self, chance: random.Random) -> None:
        actor, seconds = chance.choice(self.actors), chance.choice((3, 12, 40))
        self.note(f"network of {actor.name} cut for {seconds} s")
        actor.cable.cut()
        await asyncio.sleep(seconds)
        if chance.random() < 0.5:
            actor.cable.snap()
        actor.cable.mend()

    async def jump_clock(self, chance: random.Random) -> None:
        actor, seconds = chance.choice(self.actors), chance.choice((-3600, -60, 60, 3600))
        self.note(f"clock of {actor.name} moved by {seconds} s")
        actor.clock.write_text(str(seconds))

    async def set_clock_far(self, chance: random.Random) -> None:
        """More than a day ahead or behind, and back after a while."""
        actor, days = chance.choice(self.actors), chance.choice((-3, 400))
        self.note(f"clock of {actor.name} moved by {days} days")
        actor.clock.write_text(str(days * 86_400))
        await asyncio.sleep(12)
        actor.clock.write_text("0")

    async def let_go_beside_a_reader(self, _: random.Random) -> None:
        """Retention while somebody sits idle in a transaction that has read every table it drops from."""
        self.note("retention beside an idle transaction")
        try:
            async with (
                open_pool(self.url) as pool,
                await psycopg.AsyncConnection.connect(self.url) as reader,
            ):
                for parent in ("slot", "poll", "attempt"):
                    old = "SELECT tonggao.ensure_month(%s, now() - interval '500 days')"
                    async with pool.connection() as connection:
                        await connection.execute(old, (parent,))
                    await reader.execute(f"SELECT count(*) FROM tonggao.{parent}")
                async with Fetcher(pool) as fetcher:
                    await let_go(pool, fetcher, snapshots_days=None)
                await reader.rollback()
        except (psycopg.OperationalError, PoolTimeout):
            self.note("retention met a server that was down")

    async def pass_a_day(self, _: random.Random) -> None:
        """For what fails a day passes."""
        day = "interval '21 hours'"
        past = f"tried_at = tried_at - {day}, sighted_at = sighted_at - {day}, next_try_at = now()"
        await self.change([f"UPDATE tonggao.url_state SET {past}"])

    async def take_up_again(self) -> None:
        """As an operator does by `tonggao sources enable`: kill -9 every few seconds convicts the innocent."""
        aside = "FROM tonggao.job_start WHERE set_aside_at IS NOT NULL"
        for (subject,) in await asyncio.to_thread(self.rows, f"SELECT subject {aside}"):
            self.note(f"set aside for {subject}")
        await self.change([f"DELETE {aside}"])

    async def fill_disk(self, chance: random.Random) -> None:
        table = chance.choice(self.full_tables)
        self.note(f"disk full for tonggao.{table}, 4 s")
        await self.change([_FULL.format(table=table)])
        await asyncio.sleep(4)
        await self.change([f"DROP TRIGGER IF EXISTS full_disk ON tonggao.{table}"])

    async def change(self, statements: Iterable[str]) -> None:
        """Change the database, though it may be down at the moment, or its table in use."""
        async with asyncio.timeout(120):
            while True:
                try:
                    await asyncio.to_thread(self.execute, statements)
                except psycopg.OperationalError:
                    await asyncio.sleep(0.5)
                else:
                    return

    async def heal(self) -> None:
        """Nothing goes wrong any more."""
        for actor in self.actors:
            actor.cable.mend()
            actor.clock.write_text("0")
        tables = [
            f"DROP TRIGGER IF EXISTS full_disk ON tonggao.{table}" for table in self.full_tables
        ]
        await self.change(tables)

    async def hang_one(self, chance: random.Random) -> None:
        """Suspended like a laptop's lid: it wakes up after others took over."""
        actor = chance.choice([actor for actor in self.actors if actor.runs])
        self.note(f"{actor.name} suspended for 35 s")
        process = actor.process
        if process is not None:
            process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(35)
            if process.returncode is None:
                process.send_signal(signal.SIGCONT)

    def note(self, deed: str) -> None:
        self.done.append(deed)

    def execute(self, statements: Iterable[str]) -> None:
        """A table's lock is not waited for: whoever came later would wait behind it, retention too."""
        limit = "-c lock_timeout=500"
        with psycopg.connect(self.url, autocommit=True, options=limit) as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query, values).fetchall()
