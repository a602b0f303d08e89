"""The alarm about this machine's clock: told once when it becomes doubtful, once when it is believed again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from scheduler.crew import Crew
from scheduler.health.events import EventKind
from scheduler.health.store import add_event
from scraper.errors import ClockWrong
from scraper.log import get_logger

log = get_logger(__name__)


@dataclass
class ClockWatch:
    """What was last told about the clock of this process."""

    crew: Crew
    doubtful: bool = False
    stopped: bool = False

    async def look(self) -> None:
        """Hear the witnesses, and tell what has changed."""
        with suppress(ClockWrong):  # told below, in the same words
            await self.crew.tools.check_clock()
        judgement = self.crew.tools.fetcher.clock.judgement()
        if (judgement.doubtful, judgement.stopped) == (self.doubtful, self.stopped):
            return
        self.doubtful, self.stopped = judgement.doubtful, judgement.stopped
        sentence = f"{self.crew.worker}: the clock of this machine is believed again"
        if judgement.doubtful:
            then = (
                "nothing is visited from here until it is set"
                if judgement.stopped
                else "observations are stored with the database's time and marked clock_doubtful"
            )
            sentence = f"{self.crew.worker}: {judgement}; {then}; set it, and keep it set by NTP"
        log.error(sentence) if judgement.doubtful else log.warning(sentence)
        state = "failing" if judgement.stopped else "degraded"
        async with self.crew.pool.connection() as connection:
            await add_event(
                connection,
                kind=EventKind.CLOCK,
                sentence=sentence,
                new_state=state if judgement.doubtful else "ok",
                evidence={
                    "seconds ahead": round(judgement.ahead),
                    "witnesses": list(judgement.witnesses),
                },
            )
