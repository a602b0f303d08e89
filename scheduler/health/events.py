"""The kinds of event that the operator's log has, and which of them are sent as alarms."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What an entry of ``tonggao.event`` is about."""

    HEALTH = "health"
    """A source's state changed."""
    BACKFILL = "backfill"
    """A backfill ended, or failed."""
    JOB = "job"
    """A job was set aside, since it killed or hung its process again and again."""
    RECOVERY = "recovery"
    """Work of a dead process was taken over."""
    CLOCK = "clock"
    """The clock of a machine is doubtful, or believed again."""
    INTEGRITY = "integrity"
    """A stored value is not what its digest says."""
    TIMESTAMP = "timestamp"
    """A timestamp authority stays away, and roots have no timestamps."""
    WATCH = "watch"
    """The target of a watch takes no messages, or takes them again."""
    DIGEST = "digest"
    """The message of the day was sent."""

    @property
    def told(self) -> bool:
        """Whether it is sent as an alarm; a new kind is, unless it is named here."""
        return self not in _QUIET


_QUIET = frozenset({EventKind.DIGEST, EventKind.RECOVERY})
QUIET_KINDS: tuple[str, ...] = tuple(sorted(_QUIET))
"""As the statements take them: whatever is none of these is sent."""
