"""Bringing stored addresses over to the present version of their key.

A key is what one article is known by (`scraper.urls.normal_url`). When its form changes, what is
stored under the former one is brought over before anything is fetched, or every article would be
new again. In batches, each a transaction of its own that notes how far it came: a process that
dies loses one batch, and the next one goes on. Where two publications prove to be one page, the
lower number stays, with the history of both; ``archive.merged_publications`` tells of the other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from psycopg import AsyncConnection
from psycopg.rows import class_row

from scraper.archive.writing.deduplication import Merge
from scraper.database import Pool, Statements
from scraper.log import get_logger
from scraper.urls import KEY_VERSION, normal_url, without_session

SQL = Statements("keys")
ARCHIVE = Statements("archive")
BATCH = 1000
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Brought:
    """How far one table is brought over.

    Attributes:
        relation: the table.
        place: the last row that was looked at.
        looked_at: rows looked at.
        changed: of them, those whose key changed.
        merged: of those, rows that became one with another.
        finished: whether all rows were looked at.
    """

    relation: str
    place: str
    looked_at: int
    changed: int
    merged: int
    finished: bool


@dataclass(frozen=True, slots=True)
class _Stored:
    place: str
    url: str
    address: str | None
    publication_id: int = 0

    @property
    def key(self) -> str:
        return normal_url(self.url)

    @property
    def asked_at(self) -> str | None:
        """Where to ask, where that is not the key; without a session, which has long ended."""
        address = without_session(self.address or self.url)
        return None if address == self.key else address


@dataclass(slots=True)
class _Batch:
    looked_at: int = 0
    changed: int = 0
    merged: int = 0
    place: str = ""
    finished: bool = False


async def bring_addresses(pool: Pool, *, batch: int = BATCH) -> list[Brought]:
    """Bring everything over that is not yet; quick where nothing is left to do.

    Args:
        pool: connections that may write.
        batch: rows of one transaction.

    Returns:
        One line a table, all finished.

    Raises:
        psycopg.Error: the database failed; what is done stays done.
    """
    async with pool.connection() as connection:
        await connection.execute(SQL["hold"])
        await connection.execute(SQL["begin"], {"version": KEY_VERSION})
    while pending := [each for each in await brought(pool) if not each.finished]:
        async with pool.connection() as connection:
            await connection.execute(SQL["hold"])
            await _bring(connection, pending[0].relation, batch)
    return await brought(pool)


async def brought(pool: Pool) -> list[Brought]:
    """How far each table is."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Brought)) as cursor,
    ):
        await cursor.execute(SQL["progress"])
        return await cursor.fetchall()


async def _bring(connection: AsyncConnection, relation: str, size: int) -> None:
    """One batch of a table, from where the last one ended."""
    async with connection.cursor(row_factory=class_row(Brought)) as cursor:
        await cursor.execute(SQL["progress"])
        here = next(each for each in await cursor.fetchall() if each.relation == relation)
    if here.finished:
        return  # another process was quicker
    done = _Batch(place=here.place)
    await _TABLES[relation](connection, done, size)
    values = {"relation": relation, "place": done.place, "finished": done.finished}
    values |= {"looked_at": done.looked_at, "changed": done.changed, "merged": done.merged}
    await connection.execute(SQL["advance"], values)
    if done.finished:
        log.info("stored addresses have their present key", relation=relation)


async def _rows(
    connection: AsyncConnection, statement: str, done: _Batch, size: int
) -> list[_Stored]:
    """The next rows of a table; the batch notes that they were looked at."""
    async with connection.cursor(row_factory=class_row(_Stored)) as cursor:
        await cursor.execute(SQL[statement], {"place": done.place, "most": size})
        rows = await cursor.fetchall()
    done.looked_at, done.finished = len(rows), len(rows) < size
    done.place = rows[-1].place if rows else done.place
    changed = [row for row in rows if row.key != row.url]
    done.changed = len(changed)
    return changed


async def _publications(connection: AsyncConnection, done: _Batch, size: int) -> None:
    await connection.execute(ARCHIVE["gate_alone"])
    changed = await _rows(connection, "publications", done, size)
    held = await _holders(connection, [row.key for row in changed])
    for row in changed:
        holder = held.get(row.key)
        kept = row.publication_id
        if holder is not None:
            kept, lost = sorted((row.publication_id, holder))
            await _merge(connection, kept, lost, row.key)
            done.merged += 1
        if kept == row.publication_id:
            await _rename(connection, row)
        held[row.key] = kept


async def _holders(connection: AsyncConnection, urls: Sequence[str]) -> dict[str, int]:
    cursor = await connection.execute(SQL["holders"], {"urls": list(urls)})
    return {str(url): int(number) for number, url in await cursor.fetchall()}


async def _rename(connection: AsyncConnection, row: _Stored) -> None:
    values = {"publication_id": row.publication_id, "old": row.url, "url": row.key}
    await connection.execute(SQL["put_former_key"], values)
    await connection.execute(SQL["rename_publication"], {**values, "address": row.asked_at})


async def _merge(connection: AsyncConnection, kept: int, lost: int, key: str) -> None:
    """Two publications of one page become the one with the lower number."""
    pair = {"kept": kept, "lost": lost}
    for counted, parted in (
        ("meeting_revisions", "part_revisions"),
        ("meeting_snapshots", "part_snapshots"),
    ):
        while await _count(connection, counted, pair):
            await connection.execute(SQL[parted], pair)
    await _merge_releases(connection, kept, lost, key)
    await connection.execute(SQL["join_rows"], pair)
    await connection.execute(SQL["move_history"], pair)
    await connection.execute(SQL["put_merged_publication"], pair)
    cursor = await connection.execute(SQL["drop_publication"], pair)
    releases = [int(row[0]) for row in await cursor.fetchall()]
    cursor = await connection.execute(SQL["releases_of"], pair)
    releases += [int(row[0]) for row in await cursor.fetchall()]
    await connection.execute(ARCHIVE["choose_canonical"], {"ids": releases})
    told = {"kind": "merged", "release_id": releases[-1], "publication_id": lost}
    await connection.execute(ARCHIVE["put_change"], {**told, "revision_id": None})


async def _merge_releases(connection: AsyncConnection, kept: int, lost: int, key: str) -> None:
    """A release that only one of the two belongs to goes along with it, the higher number first."""
    cursor = await connection.execute(SQL["releases_of"], {"kept": kept, "lost": lost})
    releases = [(int(number), int(others)) for number, others in await cursor.fetchall()]
    if len(releases) < 2:
        return
    (lower, _), (higher, others) = releases
    winner, loser = (lower, higher) if others == 0 else (higher, lower)
    if others and releases[0][1]:
        return  # both have other publications: their stories stay apart
    merge = Merge(loser, winner, kept, {"same page": key})
    await connection.execute(ARCHIVE["merge_release"], merge.row())
    await connection.execute(ARCHIVE["put_change"], merge.change_row())


async def _count(connection: AsyncConnection, statement: str, values: Mapping[str, object]) -> int:
    row = await (await connection.execute(SQL[statement], values)).fetchone()
    return int(row[0]) if row else 0


async def _url_states(connection: AsyncConnection, done: _Batch, size: int) -> None:
    for row in await _rows(connection, "url_states", done, size):
        values = {"old": row.url, "url": row.key, "address": row.asked_at}
        done.merged += await _count(connection, "rename_url_state", values)
        await connection.execute(SQL["move_url_state"], values)


async def _kept_files(connection: AsyncConnection, done: _Batch, size: int) -> None:
    pages = {row.url: row.key for row in await _rows(connection, "kept_files", done, size)}
    for old, key in pages.items():
        values = {"old": old, "url": key}
        done.merged += (await connection.execute(SQL["drop_older_files"], values)).rowcount
        await connection.execute(SQL["move_files"], values)


async def _backfill_items(connection: AsyncConnection, done: _Batch, _size: int) -> None:
    """Items are asked for as they were listed; of several with one key the first is left to do."""
    seen: dict[tuple[int, str], int] = {}
    cursor = await connection.execute(SQL["open_items"])
    for place, backfill_id, item_id, url in await cursor.fetchall():
        done.looked_at, done.place = done.looked_at + 1, place
        first = seen.setdefault((backfill_id, normal_url(url)), item_id)
        if first != item_id:
            detail = f"the same article as item {first}"
            values = {"backfill_id": backfill_id, "item_id": item_id, "detail": detail}
            await connection.execute(SQL["settle_double"], values)
            done.changed, done.merged = done.changed + 1, done.merged + 1
    done.finished = True


_TABLES: dict[str, Callable[[AsyncConnection, _Batch, int], Awaitable[None]]] = {
    "publication": _publications,
    "url_state": _url_states,
    "kept_file": _kept_files,
    "backfill_item": _backfill_items,
}
