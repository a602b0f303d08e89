"""What is checked, which share of it, and what was found."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

_DIGEST_BYTES = hashlib.sha256().digest_size


class Covered(StrEnum):
    """What a digest covers."""

    SNAPSHOT = "snapshot"
    FILE = "file"
    RECORD = "record"
    LEAF = "leaf"
    """A leaf of the chain."""
    ROOT = "root"
    """The root of a day, with its timestamp."""


CHAIN = frozenset({Covered.LEAF, Covered.ROOT})
"""What is made of the others' digests."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of everything, between two fractions of it: bytes by their digests, records by number."""

    low: float = 0.0
    high: float = 1.0

    def digests(self) -> tuple[bytes, bytes]:
        """The digests between which it lies: after the first, up to the last."""
        return _digest_at(self.low), _digest_at(self.high)

    def numbers(self, last: int) -> tuple[int, int]:
        """The numbers between which it lies, where ``last`` is the greatest."""
        return int(last * self.low), int(last * self.high)


WHOLE = Share()


@dataclass(frozen=True, slots=True)
class Alteration:
    """A value that is not what its digest says.

    Attributes:
        kind: what it is.
        row: where it stands: table and key.
        expected: the digest that was stored with it, in hexadecimal.
        found: the digest of what is there; "unreadable" where it cannot be unpacked.
    """

    kind: Covered
    row: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.row} is not what was stored: expected {self.expected}, found {self.found}"


@dataclass
class Findings:
    """What a check has seen so far.

    Attributes:
        checked: how many values.
        altered: those that are not what was stored.
        unproved: rows that nothing here can show to be altered or not: records of an earlier version by their
            digest, timestamps without the library that reads them.
        signatures_unchecked: how many timestamps were only held against their roots, for want of certificates.
    """

    checked: Counter[Covered] = field(default_factory=Counter)
    altered: list[Alteration] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)
    signatures_unchecked: int = 0

    def note(self, kind: Covered, alteration: Alteration | None) -> None:
        """Count a value, and keep what is wrong with it."""
        self.checked[kind] += 1
        if alteration is not None:
            self.altered.append(alteration)


def sample(total: int, wanted: int, random: Callable[[], float]) -> list[Share]:
    """Shares at random that have about so many values of so many; all of it where that is no less.

    Args:
        total: values there are.
        wanted: values to look at.
        random: gives fractions from 0 to 1.
    """
    if wanted >= total:
        return [WHOLE]
    parts = min(wanted, 20)
    width = wanted / total / parts
    begins = [random() * (1 - width) for _ in range(parts)]
    return [Share(low, low + width) for low in begins]


def of_the_day(moment: dt.datetime, every: float) -> Share:
    """The share whose turn it is, so that each comes once a day where a check is made ``every`` seconds."""
    rounds = max(1, round(86_400 / every))
    turn = int(moment.timestamp() // every) % rounds
    return Share(turn / rounds, (turn + 1) / rounds)


def _digest_at(fraction: float) -> bytes:
    most = (1 << 8 * _DIGEST_BYTES) - 1
    if fraction >= 1:
        return most.to_bytes(_DIGEST_BYTES, "big")
    return b"" if fraction <= 0 else int(most * fraction).to_bytes(_DIGEST_BYTES, "big")
