"""``tonggao daemon`` and ``tonggao worker``: the processes that run for years."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from functools import partial

import typer
from prometheus_client import CollectorRegistry

from scheduler.cli.context import Invocation, cluster_of, connected, run_async
from scheduler.crew import Crew
from scheduler.daemon import recognising
from scheduler.daemon.assembly import LoadedCatalogue, assembled, program_version
from scheduler.daemon.clock import Duty
from scheduler.daemon.clock_watch import ClockWatch
from scheduler.daemon.daemon import Daemon, Habits
from scheduler.daemon.endpoint import endpoint
from scheduler.daemon.metrics import COUNTED_SECONDS, Metrics
from scheduler.daemon.retention import let_go
from scheduler.daemon.standstill import ended_at_standstill
from scheduler.daemon.vitals import Vitals
from scheduler.health.integrity import EVERY_SECONDS, check_share
from scheduler.health.store import ensure_months, review_silent
from scheduler.jobs.recovery import Presence
from scheduler.notifications.sending import sender, tell, tell_the_day
from scheduler.proof import daily
from scheduler.proof.authority import authority_of
from scheduler.schedule.claims import enabled_sources
from scheduler.settings import Settings
from scheduler.watches.courier import Courier
from scheduler.watches.outbox import gather
from scraper.archive import ensure_partitions, refold
from scraper.archive.watching.evaluation import Evaluator
from scraper.archive.writing import counting, fresh_keys
from scraper.clock import now
from scraper.database import Pool, embedded
from scraper.database.embedded.sharing import ensure_running
from scraper.log import get_logger
from scraper.visit import register_sources

log = get_logger(__name__)
WATCHES_SECONDS = 15.0
"""Between two looks for what watches match, and for what is to be sent of it."""


def daemon(context: typer.Context) -> None:
    """Watch the enabled sources until told to stop (SIGTERM, Ctrl-C; twice: at once).

    Any number of daemons share one database. SIGHUP reads the source definitions anew.
    """
    run_async(_run(context.obj, "daemon"))


def worker(context: typer.Context) -> None:
    """Do the work that daemons on other machines claim, until told to stop."""
    run_async(_run(context.obj, "worker"))


async def _run(call: Invocation, kind: str) -> None:
    settings = call.settings
    recognising.require_library(settings.recognition_share)
    loaded = LoadedCatalogue(settings.own_sources)
    vitals = Vitals()
    registry = CollectorRegistry()
    with ExitStack() as stack:
        async with (
            connected(call, upgrade=True) as database,
            assembled(settings, database.url, database.pool, loaded) as crew,
        ):
            await ensure_months(crew.pool)
            await ensure_partitions(crew.pool)
            enabled = await enabled_sources(crew.pool)
            await register_sources(crew.pool, loaded.chosen(enabled))
            if kind == "daemon" and not enabled:
                log.warning("no source is enabled yet: `tonggao sources enable ID`; this waits")
            metrics = Metrics(registry, crew.pool)
            place = str(settings.metrics_host)
            stack.enter_context(endpoint(settings.metrics_port, vitals, registry, host=place))
            process = Daemon(
                crew,
                Habits(),
                plans=loaded.plans,
                reload=loaded.reload,
                presence=Presence(kind, program_version()),
                vitals=vitals,
                duties=(
                    Duty("metrics", metrics.refresh, every=15.0),
                    Duty("totals", metrics.count, every=COUNTED_SECONDS),
                    *duties(settings, crew),
                    *server_duties(settings),
                ),
            )
            async with ended_at_standstill(settings.standstill_seconds):
                await process.run()


def duties(settings: Settings, crew: Crew) -> tuple[Duty, ...]:
    """What a process does besides claiming and working."""

    async def retention() -> None:
        await let_go(crew.pool, crew.tools.fetcher, snapshots_days=settings.snapshots_days)

    async def silence() -> None:
        await review_silent(crew.pool)

    async def index() -> None:
        await refold(crew.pool)

    async def recognition() -> None:
        await recognising.recognise_some(
            crew.pool, crew.tools.file_readers, settings.recognition_share
        )

    watch = ClockWatch(crew)
    chosen = [Duty("clock", watch.look, every=20)]
    chosen += watch_duties(crew.pool, settings.reader_url)
    chosen += [Duty("search index", index, every=3600)]
    chosen += writers_duties(crew.pool)
    chosen += integrity_duties(settings, crew)
    chosen += [Duty("retention", retention, cron="40 3 * * *"), Duty("silence", silence, every=300)]
    if settings.recognition_share:
        chosen.append(Duty("recognition", recognition, every=recognising.EVERY_SECONDS))
    if settings.notify_urls is not None:
        send = sender(settings.notify_urls.get_secret_value())

        async def alarms() -> None:
            await tell(crew.pool, send)

        async def day() -> None:
            await tell_the_day(crew.pool, send)

        chosen += [Duty("alarms", alarms, every=30), Duty("digest", day, cron="30 8 * * *")]
    return tuple(chosen)


def integrity_duties(settings: Settings, crew: Crew) -> tuple[Duty, ...]:
    """Days that are over are sealed, and what is stored is held against digests and roots."""
    authority = authority_of(settings)
    certificates = authority.certificates if authority else []

    async def chain() -> None:
        await daily.keep_chain(crew.pool, crew.tools.fetcher.clock(), authority)

    async def integrity() -> None:
        await check_share(crew.pool, crew.tools.fetcher.clock(), certificates)

    return (
        Duty("chain", chain, every=daily.EVERY_SECONDS),
        Duty("integrity", integrity, every=EVERY_SECONDS),
    )


def writers_duties(pool: Pool) -> tuple[Duty, ...]:
    """What those who write leave for later: counts, and the order of near-duplicate keys."""
    counts, keys = partial(counting.count_anew, pool), partial(fresh_keys.sort_in_keys, pool)
    return (
        Duty("counts", counts, every=counting.EVERY_SECONDS),
        Duty("near-duplicate keys", keys, every=fresh_keys.EVERY_SECONDS),
    )


def watch_duties(pool: Pool, reader: str | None) -> tuple[Duty, ...]:
    """What was archived is held against the watches, and what they match is sent."""
    evaluator, courier = Evaluator(pool), Courier(pool, reader)

    async def watches() -> None:
        await evaluator.catch_up()
        await gather(pool, now())

    return (
        Duty("watches", watches, every=WATCHES_SECONDS),
        Duty("messages", courier.deliver, every=WATCHES_SECONDS),
    )


def server_duties(settings: Settings) -> tuple[Duty, ...]:
    """The embedded server is begun again when somebody killed it: nobody else would."""
    if settings.database_url is not None:
        return ()
    cluster = cluster_of(settings)

    async def server() -> None:
        if embedded.server_pid(cluster) is None:
            log.warning("the embedded server is gone and is started again")
            await asyncio.to_thread(ensure_running, cluster)

    return (Duty("server", server, every=5.0),)
