"""What the operator is told: bundled, not too often, once."""

from __future__ import annotations

import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from scheduler.health.events import EventKind
from scheduler.health.store import add_event
from scheduler.notifications.messages import (
    LEAST_GAP,
    MOST_A_DAY,
    MOST_LINES,
    Event,
    Message,
    Severity,
    bundle,
    digest,
    may_send,
)
from scheduler.notifications.sending import send_test, sender, tell, tell_the_day
from scraper.clock import SHANGHAI
from scraper.database import Pool
from scraper.errors import NotificationError, SettingsError
from tests.scheduler.conftest import rows

NOW = dt.datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)
HOUR = dt.timedelta(hours=1)


def event(number: int, source: str, state: str = "failing") -> Event:
    return Event(number, NOW, source, state, f"{source} is {state}")


def test_messages_keep_their_distance() -> None:
    assert may_send([], NOW - HOUR, NOW)
    assert not may_send([], NOW - dt.timedelta(seconds=20), NOW)
    assert not may_send([NOW - LEAST_GAP / 2], NOW - HOUR, NOW)
    assert may_send([NOW - 2 * LEAST_GAP], NOW - HOUR, NOW)
    assert not may_send([NOW - HOUR] * MOST_A_DAY, NOW - HOUR, NOW)


def test_many_events_are_one_message() -> None:
    message = bundle([event(number, f"s{number}") for number in range(MOST_LINES + 5)])
    assert message.title == f"tonggao: s0 failing, s1 failing, s2 failing and {MOST_LINES + 2} more"
    assert message.severity is Severity.FAILURE
    assert message.body.count("\n") == MOST_LINES
    assert "and 5 more" in message.body


def test_only_the_last_event_of_a_source_is_told() -> None:
    message = bundle([event(1, "a"), event(2, "a", "ok")])
    assert message == Message("tonggao: well again", "11-24 10:00 a is ok", Severity.GOOD)


def test_the_title_names_the_source_that_fails_and_not_another() -> None:
    message = bundle([event(1, "a", "ok"), event(2, "b", "late"), event(3, "c")])
    assert message.title == "tonggao: c failing, b late"
    assert bundle([event(1, "b", "late")]).severity is Severity.WARNING


def test_the_day_in_a_few_lines() -> None:
    message = digest({"ok": 8, "late": 1}, [("a", "late", "silent")], 42)
    assert message.body == ("42 new releases in 24 hours. Sources: 1 late, 8 ok.\nlate: a (silent)")


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # in apprise
def test_an_address_that_is_not_understood_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError, match="address 2") as caught:
        sender("json://127.0.0.1 nonsense-with-password")
    assert "password" not in str(caught.value)


class Mailbox:
    def __init__(self, works: bool = True) -> None:
        self.works, self.got = works, list[Message]()

    async def __call__(self, message: Message) -> bool:
        self.got.append(message)
        return self.works


async def happen(pool: Pool, source: str, kind: EventKind = EventKind.HEALTH) -> None:
    async with pool.connection() as connection:
        await add_event(
            connection,
            kind=kind,
            sentence=f"{source} fails",
            source_id=source,
            new_state="failing",
        )
        await connection.execute("UPDATE tonggao.event SET at = at - interval '10 minutes'")


async def test_an_event_is_told_once(pool: Pool) -> None:
    box = Mailbox()
    await happen(pool, "a")
    assert await tell(pool, box) == 1
    assert await tell(pool, box) == 0
    await happen(pool, "b")
    assert await tell(pool, box) == 0  # too soon after the last message
    assert len(box.got) == 1


async def test_a_test_message_that_is_not_taken_is_said() -> None:
    box = Mailbox()
    await send_test(box)
    assert [message.title for message in box.got] == ["tonggao: a test"]
    with pytest.raises(NotificationError, match="notify_urls"):
        await send_test(Mailbox(works=False))


@pytest.mark.parametrize("kind", list(EventKind))
async def test_every_kind_that_is_told_is_sent(pool: Pool, kind: EventKind) -> None:
    await happen(pool, "a", kind)
    assert await tell(pool, Mailbox()) == int(kind.told)


async def test_what_could_not_be_sent_is_told_later(pool: Pool) -> None:
    await happen(pool, "a")
    assert await tell(pool, Mailbox(works=False)) == 0
    assert await rows(pool, "SELECT FROM tonggao.event WHERE notified_at IS NOT NULL") == []
    assert await tell(pool, Mailbox()) == 1


async def test_the_digest_goes_once_a_day_whoever_sends_it(pool: Pool) -> None:
    box = Mailbox()
    assert await tell_the_day(pool, box)
    assert not await tell_the_day(pool, box)
    assert len(box.got) == 1


class Hook(BaseHTTPRequestHandler):
    """A webhook that keeps what it is sent."""

    got: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(json.loads(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name there)
        """Say nothing."""


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # in apprise
async def test_a_webhook_gets_the_message(pool: Pool) -> None:
    await happen(pool, "a")
    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        assert await tell(pool, sender(f"json://127.0.0.1:{server.server_address[1]}/hook")) == 1
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    told = [(got["title"], got["type"], "a fails" in got["message"]) for got in Hook.got]
    assert told == [("tonggao: a failing", "failure", True)]
