"""What a watch tells of: which change means which event, and how a user names them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scraper.archive.querying.changes import ChangeKind
from scraper.errors import UsageError

LEAST_CARRIED, MOST_CARRIED = 2, 1000
_CARRIED = re.compile(r"carried:([0-9]{1,9})")


class WatchEvent(StrEnum):
    """What happened to a release, as somebody who watches for it is told."""

    NEW = "new"
    EDIT = "edit"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    CARRIED = "carried"


MEANS: dict[ChangeKind, tuple[WatchEvent, ...]] = {
    ChangeKind.NEW: (WatchEvent.NEW,),
    ChangeKind.COPY: (WatchEvent.NEW, WatchEvent.CARRIED),
    ChangeKind.REVISION: (WatchEvent.EDIT,),
    ChangeKind.REPARSED: (),
    ChangeKind.WITHDRAWN: (WatchEvent.WITHDRAWN,),
    ChangeKind.RESTORED: (WatchEvent.RESTORED,),
    ChangeKind.FILE_CHANGED: (),
    ChangeKind.MERGED: (WatchEvent.CARRIED,),
    ChangeKind.CANONICAL: (),
    ChangeKind.REDATED: (),
    ChangeKind.ERASED: (),
}
"""What a change may be to a watch. A copy is new where no other publication of its release matches."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events a watch tells; ``carried`` is the number of sources from which a release is told."""

    events: tuple[WatchEvent, ...]
    carried: int | None = None

    def __str__(self) -> str:
        named = (f"carried:{self.carried}" if e is WatchEvent.CARRIED else e for e in self.events)
        return ",".join(named)


def read_wanted(text: str) -> Wanted:
    """The events of ``new,edit,withdrawn,restored,carried:5``.

    Raises:
        UsageError: one of them is unknown, or carried has no number that can be meant.
    """
    named = [part.strip().lower() for part in text.replace("，", ",").split(",") if part.strip()]
    carried = {int(match[1]) for part in named if (match := _CARRIED.fullmatch(part))}
    plain = ["carried" if _CARRIED.fullmatch(part) else part for part in named]
    if not plain or (unknown := sorted(set(plain) - set(WatchEvent))):
        shown = ", ".join(unknown)[:60] if plain else repr(text[:60])
        raise UsageError(f"--on takes new, edit, withdrawn, restored and carried:N, not {shown}")
    if ("carried" in plain) != (len(carried) == 1) or "carried" in named:
        raise UsageError("carried takes one number of sources, such as carried:5")
    number = next(iter(carried), None)
    if number is not None and not LEAST_CARRIED <= number <= MOST_CARRIED:
        raise UsageError(f"carried:N is from {LEAST_CARRIED} to {MOST_CARRIED}, not {number}")
    return Wanted(tuple(event for event in WatchEvent if event in plain), number)


def wanted_of(events: Iterable[str], carried: int | None) -> Wanted:
    """The same from the archive's columns."""
    return Wanted(tuple(WatchEvent(event) for event in events), carried)
