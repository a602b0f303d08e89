"""Erasing publications and files for good: one transaction, after which no table holds what they said.

What stays is a tombstone each (:mod:`scraper.archive.querying.tombstones`), the numbers of rows, and the
digests. Backups, WAL and files that were exported are the operator's: docs/erasure.md says what to do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import scalar_row

from scraper.archive.erasure.dictionaries import dictionaries_to_go, replace
from scraper.archive.querying.reading import release_named, release_now, text_in_force
from scraper.archive.writing.partitions import make_partitions
from scraper.database import Pool, Statements
from scraper.errors import UnderHold, UsageError
from scraper.urls import normal_url

_SQL = Statements("erasure")
_ARCHIVE = Statements("archive")
FILE_PREFIX = "sha256:"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be erased.

    Attributes:
        asked: as it was named.
        publications: their numbers.
        files: digests of contents, wherever they are offered.
        addresses: normal forms of addresses that no publication has, which are to stay unarchived.
    """

    asked: str
    publications: tuple[int, ...] = ()
    files: tuple[bytes, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(slots=True)
class Erasure:
    """What went, or would go.

    Attributes:
        asked: as it was named.
        erasure_id: its number in ``archive.erasures``.
        addresses: of the publications, which are not archived again.
        files: digests of the files, in hexadecimal.
        gone: rows deleted or emptied, by table.
        recompressed: pages that stay and had been compressed against one that went.
        copies: addresses of the same releases that keep their texts.
        shared_files: digests of files that stay, for others offer them.
        despite: releases whose hold was overridden.
        samples_left: columns of which the planner still has samples that only a superuser can delete.
    """

    asked: str
    erasure_id: int = 0
    addresses: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    gone: dict[str, int] = field(default_factory=dict)
    recompressed: int = 0
    copies: list[str] = field(default_factory=list)
    shared_files: list[str] = field(default_factory=list)
    despite: list[int] = field(default_factory=list)
    samples_left: list[str] = field(default_factory=list)


async def named(pool: Pool, name: str) -> Wanted:
    """What a name means: a release's number, an address, or ``sha256:`` and a file's digest.

    An address means the publication there alone; a release all its publications.

    Raises:
        UsageError: nothing of that name is archived.
        Erased: it is erased already; the message has its tombstone.
    """
    if name.startswith(FILE_PREFIX):
        return await _file_named(pool, name)
    if name.isdecimal():
        number = await release_now(pool, int(name[:18]))
        ids = await _column(pool, "release_publications", {"release_id": number})
        if not ids:
            await text_in_force(pool, number)  # says that it is erased, or has no text yet
    else:
        key = _address(name)
        ids = await _column(pool, "address_publication", {"key": key, "url": name})
        if not ids and any(await _column(pool, "waiting_address", {"key": key})):
            return Wanted(name, addresses=(key,))
        if not ids:
            await release_named(pool, name)  # says what it is: unknown, erased, or no name
    if not ids:
        raise UsageError(f"{name} has no text that could be erased")
    return Wanted(name, tuple(ids))


def digest_named(name: str) -> bytes:
    """The digest of ``sha256:`` and 64 hexadecimal digits.

    Raises:
        UsageError: it is none.
    """
    try:
        digest = bytes.fromhex(name.removeprefix(FILE_PREFIX))
    except ValueError:
        digest = b""
    if len(digest) != hashlib.sha256().digest_size:
        raise UsageError(f"{name[:80]!r} is no SHA-256 in hexadecimal")
    return digest


async def unburied(pool: Pool, urls: Sequence[str], files: Sequence[bytes]) -> Wanted:
    """What of these addresses (normal form) and files has no tombstone here yet, archived or not."""
    values: dict[str, Any] = {"urls": list(urls), "files": list(files)}
    async with pool.connection() as connection:
        found = await connection.execute(_SQL["unburied_addresses"], values)
        rows = await found.fetchall()
        contents = await connection.execute(_SQL["unburied_files"], values)
        digests = tuple(bytes(digest) for (digest,) in await contents.fetchall())
    ids = tuple(number for _, number in rows if number is not None)
    unknown = tuple(url for url, number in rows if number is None)
    return Wanted("an import", ids, digests, unknown)


async def erase(
    pool: Pool, wanted: Wanted, reason: str, *, override_hold: bool = False, dry_run: bool = False
) -> Erasure:
    """Erase it, all or nothing; a dry run does the same and takes it back.

    Raises:
        UnderHold: a release is held, and that is not to be overridden.
        Altered: a page that has to be compressed anew is not what was stored.
        psycopg.Error: the server refused; everything is as it was.
    """
    if not reason.strip():
        raise UsageError("say why: --reason")
    await make_partitions(pool, [dt.datetime.now(dt.UTC)])
    async with (
        pool.connection() as connection,
        connection.transaction(force_rollback=dry_run),
    ):
        work = _Erasing(connection, wanted, Erasure(wanted.asked))
        return await work.all(reason.strip(), override_hold=override_hold)


class _Erasing:
    """One erasing, on a connection that is in a transaction."""

    def __init__(self, connection: AsyncConnection, wanted: Wanted, told: Erasure) -> None:
        self._connection = connection
        self._told = told
        self._values: dict[str, Any] = {
            "ids": list(wanted.publications),
            "named": list(wanted.files),
            "asked": wanted.asked,
        }
        self._waiting = list(wanted.addresses)

    async def all(self, reason: str, *, override_hold: bool) -> Erasure:
        """Every step; the order is that of what refers to what."""
        await self._connection.execute(_ARCHIVE["gate_alone"])
        await self._connection.execute(_SQL["lock"])
        await self._begin(reason, override_hold=override_hold)
        await self._bury()
        await self._pages()
        await self._files()
        await self._texts()
        await self._traces()
        await self._counts()
        self._told.samples_left = await self._column("forget_samples")
        return self._told

    async def _begin(self, reason: str, *, override_hold: bool) -> None:
        held = await self._column("held")
        if held and not override_hold:
            numbers = ", ".join(map(str, held))
            raise UnderHold(
                f"release {numbers} is under a hold; `tonggao hold list` tells why, "
                "--override-hold erases it all the same, and is logged"
            )
        self._told.despite = held
        self._values |= {"held": held, "reason": reason}
        await self._run("override")
        cursor = await self._connection.execute(_SQL["begin"], self._values)
        row = await cursor.fetchone()
        self._told.erasure_id, self._values["erased_at"] = row or (0, None)
        self._values["erasure_id"] = self._told.erasure_id

    async def _bury(self) -> None:
        """Learn all that goes, and put the tombstones up."""
        urls = await self._column("addresses")
        self._values["urls"] = [*urls, *self._waiting]
        self._values["contents"] = await self._column("contents_to_go")
        self._values["lonely"] = await self._column("lonely_addresses")
        self._values["asked_for"] = await self._column("asked_for")
        files = await self._column("files_to_go")
        files += [digest for digest in self._values["named"] if digest not in files]
        self._values["files"] = files
        self._told.addresses = self._values["urls"]
        self._told.files = [bytes(digest).hex() for digest in files]
        self._told.copies = [url for _, url in await self._rows("stay")]
        self._told.shared_files = await self._column("shared_files")
        for statement in ("bury_publications", "bury_addresses", "bury_files"):
            await self._run(statement)

    async def _pages(self) -> None:
        texts = await self._rows("texts")
        contents = self._values["contents"]
        gone = await dictionaries_to_go(self._connection, self._values["ids"], contents, texts)
        for each in gone:
            self._told.recompressed += await replace(self._connection, each, contents)
        self._values["dictionaries"] = [each.dictionary_id for each in gone]
        await self._count("content", "drop_contents")
        await self._count("dictionary", "drop_dictionaries")
        await self._count("snapshot", "empty_snapshots")
        await self._count("further_page", "empty_further_pages")

    async def _files(self) -> None:
        await self._run("tell_files")
        for table, statement in (
            ("kept_file", "drop_links_to_files"),
            ("file_version", "drop_file_versions"),
            ("file_text", "drop_file_texts"),
            ("file_address", "drop_file_addresses"),
            ("file", "drop_files"),
            ("file", "empty_files"),
            ("file_version", "empty_file_versions"),
            ("file_address", "empty_file_addresses"),
        ):
            await self._count(table, statement)

    async def _texts(self) -> None:
        await self._run("move_fingerprints")
        for table, statement in (
            ("fingerprint_key", "drop_keys"),
            ("fingerprint_key", "drop_fresh_keys"),
            ("fingerprint", "drop_fingerprints"),
            ("revision", "drop_revisions"),
            ("publication", "empty_publications"),
        ):
            await self._count(table, statement)
        await self._run("unchoose")
        self._values["releases"] = await self._column("releases")
        await self._connection.execute(
            _ARCHIVE["choose_canonical"], {"ids": self._values["releases"]}
        )
        await self._run("tell")

    async def _traces(self) -> None:
        """What lists, failures and backfills remember of the addresses."""
        for table, statement in (
            ("url_state", "drop_url_states"),
            ("quarantine", "drop_quarantine"),
            ("backfill_item", "empty_backfill_items"),
            ("attempt", "empty_attempts"),
            ("watch_match", "drop_watch_matches"),
            ("watch_message", "drop_watch_messages"),
        ):
            await self._count(table, statement)

    async def _counts(self) -> None:
        for statement in ("count_alone", "count_releases", "drop_marks"):
            await self._run(statement)

    async def _run(self, statement: str) -> int:
        return (await self._connection.execute(_SQL[statement], self._values)).rowcount

    async def _count(self, table: str, statement: str) -> None:
        if count := await self._run(statement):
            self._told.gone[table] = self._told.gone.get(table, 0) + count

    async def _column(self, statement: str) -> list[Any]:
        cursor = self._connection.cursor(row_factory=scalar_row)
        await cursor.execute(_SQL[statement], self._values)
        return await cursor.fetchall()

    async def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(_SQL[statement], self._values)).fetchall()


async def _file_named(pool: Pool, name: str) -> Wanted:
    digest = digest_named(name)
    if not any(await _column(pool, "file_exists", {"file": digest})):
        raise UsageError(f"no file {name[:80]} is archived; `tonggao files list` shows digests")
    return Wanted(name, files=(digest,))


def _address(name: str) -> str:
    try:
        return normal_url(name)
    except ValueError as error:
        raise UsageError(f"{name[:80]!r} is no release, address or {FILE_PREFIX}digest") from error


async def _column(pool: Pool, statement: str, values: dict[str, Any]) -> Sequence[Any]:
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=scalar_row)
        await cursor.execute(_SQL[statement], values)
        return await cursor.fetchall()
