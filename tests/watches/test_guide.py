"""What docs/watches.md promises in figures is what the program does."""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli.daemon import WATCHES_SECONDS
from scheduler.watches import signing
from scheduler.watches.faults import LASTING, TOLD_AFTER, Fault
from scheduler.watches.timing import LONGEST_WAIT, MORNING, PATIENCE, wait_after
from scheduler.watches.wording import MOST_ITEMS, MOST_SHOWN
from scraper.archive.watching.keeping import DAILY, MOST_REPLAYED, NEWS_DAYS, new_secret

GUIDE = " ".join(
    (Path(__file__).parents[2] / "docs" / "watches.md").read_text("utf-8").split()
)  # fmt: skip


@pytest.mark.parametrize(
    "promise",
    [
        f"dated in the last {NEWS_DAYS} days (`--days`)",
        f"(at most {MOST_REPLAYED:,} matches)",
        f"a daemon looks every {WATCHES_SECONDS:.0f} seconds",
        f"`day` at {MORNING}:00, `week` on Monday at {MORNING}:00",
        f"After {DAILY} messages of a day (`--daily`) the rest comes in one digest at {MORNING}:00",
        f"A message shows {MOST_SHOWN} matches",
        f"its JSON has {MOST_ITEMS:,}.",
    ],
)
def test_a_figure_of_the_guide_is_the_programs(promise: str) -> None:
    assert promise in GUIDE


def test_a_message_waits_as_the_guide_says() -> None:
    assert "after 15 to 30 seconds, then after twice as long each time, up to an hour" in GUIDE
    waits = [
        [wait_after(Fault.TIMEOUT, attempts, None, chance).total_seconds() for chance in (0, 1)]
        for attempts in (1, 2, 3, 30)
    ]
    assert waits == [[15, 30], [30, 60], [60, 120], [1800, 3600]]
    assert "tried once an hour, and after a day the watch rests" in GUIDE
    assert {wait_after(fault, 1, None, 0.5) for fault in LASTING} == {LONGEST_WAIT}
    assert dt.timedelta(days=1) == LONGEST_WAIT * PATIENCE
    assert "From the third failure in a row" in GUIDE
    assert TOLD_AFTER == 3


def test_the_guides_receiver_knows_a_genuine_message() -> None:
    text = (Path(__file__).parents[2] / "docs" / "watches.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    known: dict[str, Any] = {}
    exec(code, known)
    secret, body = new_secret(), b"{}"
    sent = signing.headers(secret, "a-key", int(time.time()), body)
    assert known["genuine"](secret, sent, body)
    assert not known["genuine"](secret, sent, body + b" ")
    assert not known["genuine"](new_secret(), sent, body)
