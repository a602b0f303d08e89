"""Made-up sources that behave as real columns do, for weeks, without anything being wrong."""

from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import dataclass, field

from scheduler.health.findings import Finding, judge
from scheduler.health.polls import Poll
from scheduler.health.states import Health, step
from scheduler.schedule.habit import Habit, is_day_off
from scheduler.schedule.plan import Plan, next_due
from scheduler.schedule.polling import next_pace
from scraper.clock import SHANGHAI

PLAN = Plan("adaptive", 1800.0, 86_400.0)
START = dt.datetime(2026, 9, 7, tzinfo=SHANGHAI)  # National Day and its working weekend lie ahead
REMEMBERED = 180


@dataclass
class Column:
    """A column of a publisher: how often it has news, of what shape.

    Attributes:
        chance: of everything.
        rate: occasions a workday; off: their share on days off.
        batch: most articles at one occasion.
        coverage: share of articles that state a field.
        length, spread: of the logarithm of their length.
        copied: share of articles that are copies. trouble: share of visits that fail for once.
    """

    chance: random.Random
    rate: float = 5.0
    off: float = 0.2
    batch: int = 3
    coverage: dict[str, float] = field(default_factory=dict)
    length: float = 6.5
    spread: float = 0.5
    copied: float = 0.1
    trouble: float = 0.01

    def occasions(self, since: dt.datetime, now: dt.datetime) -> int:
        """Occasions with news between two moments."""
        mean, moment = 0.0, since
        while moment < now:
            end = min(now, moment + dt.timedelta(minutes=30))
            mean += self._rate(moment) * (end - moment) / dt.timedelta(hours=1)
            moment = end
        return _poisson(self.chance, mean)

    def _rate(self, moment: dt.datetime) -> float:
        """Occasions an hour: office hours, with a summit in the morning and one after lunch."""
        if not 8 <= moment.hour < 20:
            return 0.01 * self.rate
        summit = 1.6 if moment.hour in {9, 10, 15, 16} else 0.7
        share = self.off if is_day_off(moment.date()) else 1.0
        return self.rate * share * summit / 12

    def visit(self, since: dt.datetime, now: dt.datetime, pending: int) -> Poll:
        """What a visit at ``now`` sees; ``pending`` articles were missed by failed ones."""
        if self.chance.random() < self.trouble:
            return Poll(at=now, list_outcome=self.chance.choice(["timeout", "connect", "dns"]))
        count = pending + sum(
            self.chance.randint(1, self.batch) for _ in range(self.occasions(since, now))
        )
        failed = sum(self.chance.random() < 0.01 for _ in range(count))
        read = count - failed
        copies = sum(self.chance.random() < self.copied for _ in range(read))
        lengths = sorted(math.exp(self.chance.gauss(self.length, self.spread)) for _ in range(read))
        return Poll(
            at=now,
            listed=20,
            fresh=count,
            news=read,
            copies=copies,
            failed=failed,
            reasons={"timeout": failed} if failed else {},
            articles=read,
            fields={
                name: sum(self.chance.random() < share for _ in range(read))
                for name, share in self.coverage.items()
            },
            characters=int(lengths[len(lengths) // 2]) if lengths else None,
        )


def some_column(seed: int) -> Column:
    """A column drawn from the range that the catalogue's publishers span."""
    chance = random.Random(seed)
    return Column(
        chance,
        rate=math.exp(chance.uniform(math.log(0.3), math.log(25))),
        off=chance.choice([0.0, 0.05, 0.2, 0.5, 1.0]),
        batch=chance.choice([1, 2, 5, 8]),
        coverage={
            "published_at": chance.uniform(0.97, 1.0),
            "named_source": chance.choice([0.0, chance.uniform(0.3, 1.0), 1.0]),
            "author": chance.choice([0.0, chance.uniform(0.0, 1.0)]),
            "editor": chance.choice([0.0, chance.uniform(0.5, 1.0)]),
            "images": chance.uniform(0.1, 0.9),
        },
        length=chance.uniform(5.5, 7.5),
        spread=chance.uniform(0.3, 0.9),
        copied=chance.choice([0.0, 0.05, 0.3]),
        trouble=chance.choice([0.0, 0.01, 0.03]),
    )


@dataclass
class Watcher:
    """Visits a column as the daemon does and keeps its state."""

    column: Column
    now: dt.datetime = START
    pace: float = PLAN.minimum
    habit: Habit = field(default_factory=Habit)
    polled: dt.datetime | None = None
    last_news: dt.datetime | None = None
    health: Health = field(default_factory=Health)
    polls: list[Poll] = field(default_factory=list)
    alarms: list[tuple[dt.datetime, Health, Finding | None]] = field(default_factory=list)

    def run(self, days: int) -> None:
        """Visit until so many days have passed."""
        end = self.now + dt.timedelta(days=days)
        while self.now < end:
            since = self.polled or self.now - dt.timedelta(hours=8)
            self.take(self.column.visit(since, self.now, 0))

    def take(self, poll: Poll) -> None:
        """One visit: judge it, learn from it, set the next."""
        self.polls = [poll, *self.polls][:REMEMBERED]
        news = int(poll.news > 0)
        if news:
            self.last_news = self.now
        finding = judge(self.polls, self.habit, self.last_news, self.now)
        self.health, changed = step(self.health, finding, self.now)
        if changed:
            self.alarms.append((self.now, self.health, finding))
        if poll.list_read:
            self.habit = self.habit.after(self.polled, self.now, news)
            self.polled = self.now
        self.pace = next_pace(
            PLAN, self.pace, self.habit, self.now, news=news, failed=not poll.list_read
        )
        luck = self.column.chance.random()
        self.now = next_due(PLAN, "s", self.now, pace=self.pace, luck=luck)


def _poisson(chance: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
