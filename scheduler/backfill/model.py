"""A backfill as it stands in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["lists", "urls"]
State = Literal["running", "paused", "done", "cancelled", "failed"]

GOOD_OUTCOMES = frozenset({"new", "copy", "revision", "reparsed", "unchanged", "known"})
"""What can become of an article that is in the archive; everything else is why it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """One row of ``tonggao.backfill``; the columns' comments say what each holds."""

    backfill_id: int
    source_id: str
    kind: Kind
    from_date: dt.date | None
    to_date: dt.date | None
    state: State
    cursor: Mapping[str, Any] | None
    walked: bool
    pages: int
    oldest_date: dt.date | None
    job_id: int | None
    starts: int
    run_id: int | None
    file: str | None
    created_at: dt.datetime
    created_by: str
    stepped_at: dt.datetime | None
    finished_at: dt.datetime | None
    remark: str | None

    @property
    def over(self) -> bool:
        """Whether nothing more will be done."""
        return self.state in {"done", "cancelled", "failed"}

    def wants(self, day: dt.date | None) -> bool:
        """Whether an article of that day is asked for; one without a day has to be looked at."""
        if day is None:
            return True
        after = self.from_date is None or day >= self.from_date
        return after and (self.to_date is None or day <= self.to_date)


@dataclass(frozen=True, slots=True)
class Item:
    """An article of a backfill that has not been tried yet."""

    item_id: int
    url: str
    title: str | None
    listed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Order:
    """What a new backfill is to do."""

    source_id: str
    kind: Kind = "lists"
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    file: str | None = None
