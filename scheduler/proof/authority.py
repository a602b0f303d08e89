"""Asking a timestamp authority: one request for each new root, later again where it is away."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from psycopg import AsyncConnection
from psycopg.rows import class_row

from scheduler.settings import Settings
from scraper.archive.proof.chain import Root
from scraper.archive.proof.timestamps import (
    library_is_here,
    read_certificates,
    request_for,
    stated_time,
)
from scraper.database import Pool, Statements
from scraper.errors import SettingsError, TimestampError
from scraper.log import get_logger

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_SQL = Statements("proof")
WHOLE_SECONDS = 25.0
"""For a request and its answer."""
MOST_BYTES = 64 << 10
"""Of an answer; one with all certificates has some thousand."""
AT_ONCE = 10
"""Most requests of one round: an authority that was away is not flooded."""
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept-Encoding": "identity"}
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Authority:
    """Who is asked.

    Attributes:
        address: of http or https; the operator's own choice, it may lie in a private network.
        certificates: which its answers must lead to; none: they are not looked at.
    """

    address: str
    certificates: list[Certificate]

    @property
    def host(self) -> str:
        """Its host, which is kept beside the timestamp; an address may hold a key."""
        return urlsplit(self.address).hostname or "?"


def authority_of(settings: Settings) -> Authority | None:
    """The authority that the settings name; None: nobody is asked.

    Raises:
        SettingsError: the extra is not installed, or the certificates cannot be read.
    """
    if settings.timestamp_authority is None:
        return None
    if not library_is_here():
        raise SettingsError(
            "timestamp_authority is set, and nothing here reads timestamps: install tonggao with its "
            "extra timestamps, or do not set it"
        )
    certificates = read_certificates(settings.timestamp_certificates)
    return Authority(settings.timestamp_authority, certificates)


async def stamp(pool: Pool, authority: Authority) -> int:
    """Get timestamps for the roots since the last one that has one; how many came.

    Where none has one yet, the last root alone: all before are chained to it. One process asks at a time.

    Raises:
        TimestampError: the authority is away, refuses, or answers something else.
    """
    async with httpx.AsyncClient(headers=_HEADERS) as client:
        for count in range(AT_ONCE):
            if not await _stamp_next(pool, client, authority):
                return count
    return AT_ONCE


async def _stamp_next(pool: Pool, client: httpx.AsyncClient, authority: Authority) -> bool:
    async with pool.connection() as connection:
        alone = await (await connection.execute(_SQL["try_stamping"])).fetchone()
        root = await _next_root(connection) if alone and alone[0] else None
        if root is None:
            return False
        request = request_for(root)
        token = await _ask(client, authority, request.body)
        values = {
            "day": root.day,
            "token": token,
            "authority": authority.host,
            "stamped_at": stated_time(token, root, authority.certificates, request.nonce),
        }
        await connection.execute(_SQL["put_timestamp"], values)
        log.info("a root was stamped", day=root.day.isoformat(), authority=authority.host)
        return True


async def _next_root(connection: AsyncConnection) -> Root | None:
    async with connection.cursor(row_factory=class_row(Root)) as cursor:
        await cursor.execute(_SQL["first_unstamped"])
        return await cursor.fetchone()


async def _ask(client: httpx.AsyncClient, authority: Authority, body: bytes) -> bytes:
    """Send a request; redirects are not followed."""
    try:
        async with (
            asyncio.timeout(WHOLE_SECONDS),
            client.stream("POST", authority.address, content=body) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise TimestampError(
                    f"the timestamp authority {authority.host} answered {answer.status_code}"
                )
            token = bytearray()
            async for piece in answer.aiter_raw():
                token += piece
                if len(token) > MOST_BYTES:
                    raise TimestampError(
                        f"the timestamp authority {authority.host} answers more than {MOST_BYTES} bytes"
                    )
            return bytes(token)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        why = str(error) or type(error).__name__
        raise TimestampError(
            f"the timestamp authority {authority.host} cannot be reached: {why}"
        ) from error
