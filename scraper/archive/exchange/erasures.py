"""Tombstones as lines of an export, and what an import makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scraper.archive.erasure.erasing import Wanted, erase, unburied
from scraper.archive.exchange.lines import (
    TOMBSTONE_FORMAT,
    Refused,
    require_address,
    require_name,
)
from scraper.archive.querying.tombstones import Tombstone
from scraper.database import Pool
from scraper.urls import normal_url

KIND = "erased"
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ToldErasure:
    """What a line says was erased: an address in normal form, or a file's digest; and why."""

    url: str | None
    file: bytes | None
    reason: str


def tombstone_line(stone: Tombstone) -> dict[str, Any]:
    """The line of an export."""
    return {
        "format": TOMBSTONE_FORMAT,
        "kind": KIND,
        "url": stone.url,
        "file": stone.file_digest,
        "release_id": stone.release_id,
        "publication_id": stone.publication_id,
        "reason": stone.reason,
        "erased_at": stone.erased_at.isoformat(),
        "digests": stone.digests,
    }


def is_erasure(record: Mapping[str, Any]) -> bool:
    """Whether a line tells an erasing, and no release."""
    return record.get("format") == TOMBSTONE_FORMAT and record.get("kind") == KIND


def told_erasure(record: Mapping[str, Any]) -> ToldErasure:
    """What such a line says.

    Raises:
        Refused: it names no address and no file, or gives no reason.
    """
    url, file = record.get("url"), record.get("file")
    reason = require_name("reason", record.get("reason"))
    if reason is None:
        raise Refused("an erasing without a reason")
    if isinstance(url, str):
        require_address("url", url)
        try:
            return ToldErasure(normal_url(url), None, reason)
        except ValueError as error:
            raise Refused(f"url: {url[:80]!r} is no address: {error}") from error
    if isinstance(file, str) and _DIGEST.fullmatch(file):
        return ToldErasure(None, bytes.fromhex(file), reason)
    raise Refused("an erasing of neither an address nor a file")


async def erase_told(pool: Pool, told: Iterable[ToldErasure]) -> None:
    """Erase here what is not erased yet, one transaction for each reason.

    Raises:
        UnderHold: it is under a hold here.
    """
    reasons: dict[str, list[ToldErasure]] = {}
    for each in told:
        reasons.setdefault(each.reason, []).append(each)
    for reason, group in reasons.items():
        urls = [each.url for each in group if each.url is not None]
        files = [each.file for each in group if each.file is not None]
        wanted = await unburied(pool, urls, files)
        if wanted != Wanted(wanted.asked):
            await erase(pool, wanted, reason)
