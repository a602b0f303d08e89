"""The record as it is compared: what moves from look to look though nobody edited anything is left out.

Signatures and timestamps in the addresses of pictures and files, counters and advertisements are no
edit. The record itself keeps an address as the page states it: without its signature it may not open.
"""

from __future__ import annotations

import re
from typing import Any

from scraper.record.counters import is_counter

_SIGNING = re.compile(
    r"(?:sign|signature|sig|token|access_?token|auth_?key|key-?pair-?id|policy|expires?|ossaccesskeyid|"
    r"security-?token|wssecret|wstime|txsecret|txtime|nonce|x-(?:oss|amz|cos|bce|obs)-[\w-]+|q-[\w-]+)",
    re.IGNORECASE,
)
"""Parameters by which a store of files lets a visitor in for some minutes."""
_MOVING = re.compile(
    r"(?:_|t|ts|time|timestamp|v|ver|version|r|rnd|rand|random|_t|e|st)", re.IGNORECASE
)
_OF_A_MOMENT = re.compile(r"\d{8,17}|0?\.\d{4,20}")
"""A time since 1970, a time written together, or a random share."""
_SIGNED_PATH = re.compile(r"/(?:\d{12}/[0-9a-f]{32}|[0-9a-f]{32}/[0-9a-f]{8})(?=/)")
"""Signatures that content networks put before the path: time and MD5, or MD5 and time."""
_ADVERTISING = re.compile(r"/(?:ads?|adv|advert|guanggao|gg)/", re.IGNORECASE)


def unsigned(url: str) -> str:
    """An address without what lets in for a while or only defeats caches."""
    address, mark, query = url.partition("?")
    address = _SIGNED_PATH.sub("", address, count=1)
    if not mark:
        return address
    query, _, _ = query.partition("#")
    kept = [part for part in query.split("&") if part and not _moves(part)]
    return f"{address}?{'&'.join(kept)}" if kept else address


def _moves(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    if _SIGNING.fullmatch(name):
        return True
    return bool(_MOVING.fullmatch(name) and _OF_A_MOMENT.fullmatch(value)) or (
        not value and _OF_A_MOMENT.fullmatch(name) is not None
    )


def resting(stated: dict[str, Any]) -> dict[str, Any]:
    """A record in types of JSON without the parts that do not rest."""
    texts = [line for line in stated.get("paragraphs", ()) if not is_counter(line)]
    files = {
        name: [
            {**file, "url": unsigned(file["url"])} if isinstance(file.get("url"), str) else file
            for file in stated.get(name, ())
            if not _ADVERTISING.search(str(file.get("url")))
        ]
        for name in ("images", "attachments")
    }
    return {**stated, "paragraphs": texts, **files}
