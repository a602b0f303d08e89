"""What a root and a leaf are, to the byte: what docs/proof.md describes and strangers rebuild. Pure."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum

FIRST = bytes(32)
"""What stands for the previous root in the first."""


class LeafKind(StrEnum):
    """What the digest of a leaf is of."""

    SNAPSHOT = "snapshot"
    """A page as it was received."""
    FILE = "file"
    """A file's bytes."""
    RECORD = "record"
    """All that a page states: a revision's record digest."""
    TOMBSTONE = "tombstone"
    """What an erasing left."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A row of ``tonggao.leaf``.

    Attributes:
        place: in the whole chain, from 1.
        kind: what the digest is of.
        number: of the revision, or of the erasing; None for bytes.
        digest: as it is stored with the value.
    """

    place: int
    kind: LeafKind
    number: int | None
    digest: bytes

    def line(self) -> str:
        """What is hashed: kind, number (``-`` for none) and digest in hexadecimal, a blank between them."""
        number = "-" if self.number is None else self.number
        return f"{self.kind} {number} {self.digest.hex()}"


@dataclass(frozen=True, slots=True)
class Root:
    """A row of ``tonggao.root``, without the tree hashes of its blocks.

    Attributes:
        day: of Asia/Shanghai.
        root: the root.
        previous: that of the day before; None for the first.
        tree: tree hash of its leaves.
        leaves: how many.
        last_place: place of the last of them.
        records_to: greatest number of a revision that was archived by the end of the day.
        sealed_at: when it was made.
    """

    day: dt.date
    root: bytes
    previous: bytes | None
    tree: bytes
    leaves: int
    last_place: int
    records_to: int
    sealed_at: dt.datetime

    @property
    def first_place(self) -> int:
        """Place of its first leaf."""
        return self.last_place - self.leaves + 1


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A row of ``tonggao.root_timestamp``.

    Attributes:
        day: of the root.
        token: the authority's answer (RFC 3161, DER).
        authority: its host.
        stamped_at: the time that it states.
    """

    day: dt.date
    token: bytes
    authority: str
    stamped_at: dt.datetime

    def in_text(self) -> str:
        """The answer in base64."""
        return base64.b64encode(self.token).decode()


def head_of(day: dt.date, leaves: int, tree: bytes, previous: bytes | None) -> str:
    """What a root is the hash of: four lines behind the name of the form, each ended."""
    return (
        f"tonggao root 1\nday {day.isoformat()}\nleaves {leaves}\n"
        f"tree {tree.hex()}\nprevious {(previous or FIRST).hex()}\n"
    )


def root_of(head: str) -> bytes:
    """The root of a head, behind the byte 2: it passes for no leaf and no node."""
    return hashlib.sha256(sealed_bytes(head)).digest()


def sealed_bytes(head: str) -> bytes:
    """What is hashed, and what a timestamp is of."""
    return b"\x02" + head.encode()
