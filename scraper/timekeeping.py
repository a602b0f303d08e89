"""Whether this machine's clock can be believed, and what time to write down where it cannot.

Four witnesses are heard. What each says is kept as its distance from the monotonic clock, which no
step of the wall clock moves: so what was heard before a step still judges the clock after it.

- The monotonic clock: how far the wall clock has stepped since this process began.
- The newest stored observation: a clock that is behind it is late. One that is more than a day ahead
  of it bears out what hosts, or the monotonic clock, say; alone it may have been off so long.
- The database's clock. Where the server runs on the same machine it agrees whatever happens, so that
  its agreement proves nothing; its disagreement does.
- The ``Date`` headers of hosts (RFC 9110 section 6.6.1). Three of them are a witness, or fewer that say
  what another witness says; one alone may be wrong itself.

One witness may err. Two that are five minutes or more away on the same side make the clock doubtful,
unless the hosts, or most of them, agree with it.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum

from scraper.clock import SHANGHAI, now

DOUBT_SECONDS = 300.0
"""A witness that is so far away speaks against the clock."""

STOP_SECONDS = 86_400.0
"""A clock that two witnesses put so far away is not worked by."""

HOSTS = 3
_HOSTS_KEPT = 32
_HOSTS_BELIEVED = 6 * 3600.0
"""For so long a host's ``Date`` is a witness: the monotonic clock drifts less than that matters."""


class Witness(StrEnum):
    """Who speaks about the wall clock."""

    MONOTONIC = "the monotonic clock"
    STORED = "the newest stored observation"
    DATABASE = "the database's clock"
    HOSTS = "the Date headers of hosts"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the witnesses say together.

    Attributes:
        ahead: seconds that the wall clock is ahead of the truth, negative where it is behind; 0 where
            it is believed.
        witnesses: those that speak against it.
    """

    ahead: float = 0.0
    witnesses: tuple[Witness, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether observations are stored with another time than the wall clock's."""
        return bool(self.witnesses)

    @property
    def stopped(self) -> bool:
        """Whether nothing is to be visited."""
        return abs(self.ahead) > STOP_SECONDS

    def __str__(self) -> str:
        side = "ahead of" if self.ahead > 0 else "behind"
        length = dt.timedelta(seconds=round(abs(self.ahead)))
        return f"the clock of this machine is {length} {side} {' and '.join(self.witnesses)}"


def judge(readings: Mapping[Witness, float], hosts: Sequence[float]) -> Judgement:
    """Weigh the witnesses.

    Args:
        readings: seconds that the wall clock is ahead of each witness but the hosts.
        hosts: the same for each host.
    """
    agreeing = sum(abs(ahead) < DOUBT_SECONDS for ahead in hosts)
    if agreeing and agreeing * 2 >= len(hosts):
        return Judgement()
    against = {w: ahead for w, ahead in readings.items() if abs(ahead) >= DOUBT_SECONDS}
    rested = against.pop(Witness.STORED, 0.0)
    if hosts:
        middle = statistics.median(hosts)
        told = any(abs(middle - ahead) < DOUBT_SECONDS for ahead in against.values())
        if abs(middle) >= DOUBT_SECONDS and (len(hosts) >= HOSTS or told):
            against[Witness.HOSTS] = middle
    if rested < 0 or (
        rested > STOP_SECONDS and against.keys() & {Witness.HOSTS, Witness.MONOTONIC}
    ):
        against[Witness.STORED] = rested
    for sign in (1, -1):
        side = {w: ahead for w, ahead in against.items() if ahead * sign > 0}
        if len(side) >= 2:
            second = sorted(side.values(), key=abs, reverse=True)[1]  # what two of them bear out
            return Judgement(second, tuple(w for w in Witness if w in side))
    return Judgement()


class Timekeeper:
    """The time that is written down. Callable, in place of a clock.

    Args:
        wall: the wall clock, aware.
        monotonic: seconds that only ever grow.
    """

    def __init__(
        self,
        wall: Callable[[], dt.datetime] = now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._began = self._offset()
        self._database: float | None = None
        self._stored: float | None = None
        self._asked: float | None = None
        self._hosts: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __call__(self) -> dt.datetime:
        """The present, aware, in Asia/Shanghai: the wall clock's, or the witnesses' where it is doubtful."""
        judgement = self.judgement()
        if not judgement.doubtful:
            return self._wall()
        return dt.datetime.fromtimestamp(self._truth() + self._monotonic(), SHANGHAI)

    def judgement(self) -> Judgement:
        """What the witnesses say at present."""
        offset, moment = self._offset(), self._monotonic()
        readings = {Witness.MONOTONIC: offset - self._began}
        if self._stored is not None:
            readings[Witness.STORED] = offset + moment - self._stored
        if self._database is not None:
            readings[Witness.DATABASE] = offset - self._database
        return judge(readings, [offset - told for told in self._told_by_hosts()])

    def ask_database(self, present: dt.datetime, newest: dt.datetime | None) -> None:
        """Hear the database: its clock, and the newest observation it has stored."""
        self._asked = self._monotonic()
        self._database = present.timestamp() - self._asked
        self._stored = newest.timestamp() if newest is not None else None

    def database_heard_before(self, seconds: float) -> bool:
        """Whether the database was not heard for so long, or never."""
        return self._asked is None or self._monotonic() - self._asked > seconds

    def hear(self, host: str, headers: Mapping[str, str]) -> None:
        """Hear a host: its ``Date``, and the ``Age`` that a cache has added to it."""
        moment = _date(headers)
        if moment is not None:
            told = moment.timestamp() + _age(headers)
            self._hosts[host] = (told - self._monotonic(), self._monotonic())
            self._hosts.move_to_end(host)
            if len(self._hosts) > _HOSTS_KEPT:
                self._hosts.popitem(last=False)

    def _told_by_hosts(self) -> list[float]:
        since = self._monotonic() - _HOSTS_BELIEVED
        return [told for told, at in self._hosts.values() if at >= since]

    def _truth(self) -> float:
        """The time of day less the monotonic clock, by the best witness.

        The database's, for everything else in it is measured by that; where it is as wrong as this
        clock, being the same, what the hosts say, else what this clock said when the process began.
        """
        same = self._database is None or abs(self._offset() - self._database) < DOUBT_SECONDS
        if not same and self._database is not None:
            return self._database
        hosts = self._told_by_hosts()
        return statistics.median(hosts) if hosts else self._began

    def _offset(self) -> float:
        return self._wall().timestamp() - self._monotonic()


def _date(headers: Mapping[str, str]) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(headers.get("date", "")[:40])
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        return None


def _age(headers: Mapping[str, str]) -> int:
    text = headers.get("age", "")[:10]
    return int(text) if text.isascii() and text.isdigit() else 0
