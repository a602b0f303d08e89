"""What watches match reaches its receiver: signed, once, again after a failure, under one key."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import AsyncIterator

import httpx
import pytest

from scheduler.watches import outbox
from scheduler.watches.courier import Courier
from scheduler.watches.faults import FAULT_MEND, Fault, fault_of_status
from scheduler.watches.outbox import claim, failing, gather
from scheduler.watches.targets import read_target, shown, without_secrets
from scraper.archive.watching import keeping
from scraper.archive.watching.evaluation import Evaluator
from scraper.archive.watching.events import read_wanted
from scraper.archive.watching.keeping import Every, NewWatch
from scraper.clock import SHANGHAI, now
from scraper.errors import UsageError
from scraper.words import said
from tests.archive.conftest import *  # noqa: F403  (fixtures)
from tests.archive.conftest import STORY
from tests.watches.hook import Hook, opened_hook, status


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with opened_hook() as opened:
        yield opened


async def _watched(pool, hook, words="智能制造", on="new", **more):
    new = NewWatch(words, read_wanted(on), **more)
    return await keeping.add(pool, new, read_target(hook.address))


async def _told(pool, at=None):
    """One turn of the daemon's duties, all that waits being due."""
    await Evaluator(pool).catch_up()
    await gather(pool, at or now())
    async with pool.connection() as connection:
        await connection.execute("UPDATE tonggao.watch_message SET next_try_at = now()")
    return await Courier(pool, "https://reader.example/", seconds=0.3).deliver()


async def test_a_message_is_signed_and_says_what_happened(archive, observe, pool, hook):
    made = await _watched(pool, hook)
    stored = await archive.store(observe(published_at=now(), region=["120111"]))
    assert await _told(pool) == 1
    [got] = hook.received
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{digest}"
    assert got.headers["idempotency-key"] == got.headers["webhook-id"] == got.told["id"]
    assert got.told["title"] == "智能制造：新发布 1"
    assert "「智能制造」" in got.told["text"]
    assert f"https://reader.example/release/{stored.release_id}" in got.told["text"]
    assert "原文 https://qingchuan.example/a1.html" in got.told["text"]
    [item] = got.told["items"]
    assert (item["event"], item["release_id"]) == ("new", stored.release_id)
    assert "body" not in item
    assert await _told(pool) == 0
    assert len(hook.received) == 1


async def test_an_idle_look_asks_the_database_once(pool, hook, monkeypatch):
    await _watched(pool, hook)
    asked = []

    async def counting(*given):
        asked.append(given)
        return await claim(*given)

    monkeypatch.setattr(outbox, "claim", counting)
    monkeypatch.delattr(httpx, "AsyncClient")  # nor is a client made
    assert await Courier(pool).deliver() == 0
    assert len(asked) == 1


async def test_an_edit_shows_what_was_struck_and_written(archive, observe, pool, hook):
    await archive.store(observe(published_at=now()))
    await _watched(pool, hook, on="edit")
    paragraphs = (STORY[0], STORY[1].replace("4.3%", "5.1%"), *STORY[2:])
    late = now() + dt.timedelta(minutes=1)
    await archive.store(observe(published_at=now(), paragraphs=paragraphs, fetched_at=late))
    await _told(pool)
    assert "〔删 4.3%〕〔增 5.1%〕" in hook.received[0].told["text"]


async def test_a_failed_message_comes_again_under_its_key(archive, observe, pool, hook, rows):
    hook.answers = [status(500), 5.0, status(429, "Retry-After: 120"), status(200)]
    await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    assert [await _told(pool) for _ in hook.answers[:]] == [0, 0, 0, 1]
    assert len({got.headers["webhook-id"] for got in hook.received}) == 1
    assert len(hook.received) == 4
    told = await rows("SELECT kind, new_state, cause FROM tonggao.event ORDER BY event_id")
    assert told == [("watch", "failing", "busy"), ("watch", "ok", None)]
    assert await failing(pool) == []


@pytest.mark.parametrize(
    ("answers", "events"),
    [
        ([503, 404], [("failing", "refused")]),
        ([404, 404], [("failing", "refused")]),
        ([404, 200], [("failing", "refused"), ("ok", None)]),
        ([503, 503, 200], []),
        ([503, 503, 503, 404], [("failing", "server_error")]),
    ],
)
async def test_the_operator_is_told_once_and_when_it_is_over(
    archive, observe, pool, hook, rows, answers, events
):
    hook.answers = [status(answer) for answer in answers]
    await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    for _ in answers:
        await _told(pool)
    assert await rows("SELECT new_state, cause FROM tonggao.event ORDER BY event_id") == events
    assert bool(await failing(pool)) is (events != [] and events[-1][0] == "failing")


async def test_after_a_failure_it_waits(archive, observe, pool, hook, rows):
    hook.answers = [status(503, "Retry-After: 600")]
    await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    await _told(pool)
    assert await claim(pool) is None
    [(wait, attempts)] = await rows(
        "SELECT next_try_at - now(), attempts FROM tonggao.watch_message"
    )
    assert dt.timedelta(minutes=9) < wait <= dt.timedelta(minutes=10)
    assert attempts == 1


async def test_an_impossible_retry_after_is_no_more_than_a_failure(
    archive, observe, pool, hook, rows
):
    hook.answers = [status(503, "Retry-After: Sat, 28 Nov 99999999999999 12:01:00 GMT")]
    made = await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    assert await _told(pool) == 0
    [row] = await keeping.listed(pool, made.watch_id)
    assert (row.fault, row.failures) == (Fault.SERVER_ERROR, 1)


async def test_gone_pauses_and_resume_sends_what_waits(archive, observe, pool, hook, rows):
    hook.answers = [status(410)]
    made = await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    await _told(pool)
    [row] = await keeping.listed(pool, made.watch_id)
    assert (row.state, row.paused_for, row.fault, row.waiting) == ("paused", "gone", "gone", 1)
    assert [each["fault"] for each in await failing(pool)] == ["gone"]
    assert await _told(pool) == 0
    await keeping.resume(pool, made.watch_id)
    assert await Courier(pool).deliver() == 1
    assert hook.received[0].headers["webhook-id"] == hook.received[1].headers["webhook-id"]


async def test_a_redirect_is_not_followed(archive, observe, pool, hook):
    hook.answers = [status(302, "Location: http://127.0.0.1:1/")]
    await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    await _told(pool)
    assert [each["fault"] for each in await failing(pool)] == ["redirected"]


async def test_a_killed_sender_loses_nothing(archive, observe, pool, hook, rows):
    """It had sent the message and not noted it: another sends it once more, under the same key."""
    await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    await Evaluator(pool).catch_up()
    await gather(pool, now())
    held = await claim(pool)
    assert await Courier(pool).deliver() == 0
    await rows("UPDATE tonggao.watch_message SET claimed_until = now() RETURNING 1")
    assert await Courier(pool).deliver() == 1
    assert hook.received[0].headers["webhook-id"] == held.key


async def test_what_is_over_the_most_of_a_day_comes_in_one_digest(
    archive, observe, pool, hook, rows
):
    await _watched(pool, hook, daily=2)
    for number in range(5):
        paragraphs = (
            f"第{number}个县的智能制造项目{'甲乙丙丁戊'[number] * 9}开工。",
            f"共{number}亿元。",
        )
        await archive.store(
            observe(f"https://a.example/{number}", title=f"项目{number}", paragraphs=paragraphs, published_at=now())
        )  # fmt: skip
        await _told(pool)
    assert [got.told["digest"] for got in hook.received] == [False, False]
    early = now().astimezone(SHANGHAI).replace(hour=8, minute=0) + dt.timedelta(days=1)
    await rows(
        "UPDATE tonggao.watch_message SET created_at = created_at - interval '1 day' RETURNING 1"
    )
    await rows(
        "UPDATE tonggao.watch_match SET matched_at = matched_at - interval '1 day' RETURNING 1"
    )
    await _told(pool, early)
    assert hook.received[-1].told["digest"]
    assert hook.received[-1].told["counted"] == {"new": 3}
    assert len(hook.received) == 3


async def test_matches_are_gathered_until_their_hour(archive, observe, pool, hook):
    await _watched(pool, hook, every=Every.DAY)
    await archive.store(observe(published_at=now()))
    assert await _told(pool) == 0
    assert await _told(pool, now() + dt.timedelta(days=1, minutes=1)) == 1


async def test_what_was_erased_is_not_told(archive, observe, pool, hook, rows):
    await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    await Evaluator(pool).catch_up()
    await gather(pool, now())
    await rows("DELETE FROM tonggao.watch_match RETURNING 1")
    assert await Courier(pool).deliver() == 0
    assert await rows("SELECT count(*) FROM tonggao.watch_message") == [(0,)]


async def test_a_failing_target_does_not_hold_up_another(archive, observe, pool, hook):
    async with opened_hook() as slow:
        slow.answers = [0.5] * 9
        await _watched(pool, slow)
        await _watched(pool, hook)
        await archive.store(observe(published_at=now()))
        assert await _told(pool) == 1
        assert len(slow.received) == 1


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # in apprise
async def test_an_address_that_apprise_forgot_is_not_blamed_on_the_alarms(
    archive, observe, pool, hook, rows
):
    made = await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    await rows("UPDATE tonggao.watch_target SET address = 'forgotten://key' RETURNING 1")
    assert await _told(pool) == 0
    [row] = await keeping.listed(pool, made.watch_id)
    assert (row.fault, row.fault_detail) == (Fault.NOT_TAKEN, "apprise does not know the address")


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # in apprise
async def test_other_services_are_reached_by_apprise(archive, observe, pool, hook):
    hook.answers = [status(500), status(200)]
    hook.address = hook.address.replace("http://", "json://")
    made = await _watched(pool, hook)
    assert made.secret is None
    await archive.store(observe(published_at=now()))
    assert [await _told(pool), await _told(pool)] == [0, 1]
    told = hook.received[1].told
    assert told["title"] == "智能制造：新发布 1"
    assert "「智能制造」" in told["message"]
    assert hook.received[0].told["message"].splitlines()[-1] == told["message"].splitlines()[-1]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (200, None), (204, None), (301, Fault.REDIRECTED), (400, Fault.REFUSED), (401, Fault.REFUSED),
        (404, Fault.REFUSED), (408, Fault.BUSY), (410, Fault.GONE), (429, Fault.BUSY), (500, Fault.SERVER_ERROR),
        (503, Fault.SERVER_ERROR),
    ],
)  # fmt: skip
def test_what_an_answer_means(answer, fault):
    assert fault_of_status(answer) is fault


def test_every_fault_has_a_mend_in_both_languages():
    assert FAULT_MEND.keys() == set(Fault)
    assert [mend for mend in FAULT_MEND.values() if said(mend, "zh") == mend] == []


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("https://user:pass@hook.example/T0/B0/key?token=1", "https://hook.example/…"),
        ("http://192.168.1.5:8080", "http://192.168.1.5:8080"),
        ("http://[::1]:80/x", "http://[::1]:80/…"),
        ("wecombot://key-of-the-robot", "wecombot://…"),
        ("mailto://user:pass@example.com", "mailto://…"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address, masked):
    assert shown(address) == masked


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # in apprise
@pytest.mark.parametrize(
    "address",
    ["hook.example", "https://", "http://[", "https://a b", "nonsense://secret", "x" * 3000],
)
def test_what_is_no_target_is_refused_without_being_shown(address):
    with pytest.raises(UsageError) as caught:
        read_target(address)
    assert "secret" not in str(caught.value)


async def test_a_status_counts_though_its_body_never_ends(archive, observe, pool, hook):
    made = await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    hook.answers = [b"HTTP/1.1 410 Gone\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"]
    assert await _told(pool) == 0
    [row] = await failing(pool)
    assert (row["watch_id"], row["fault"]) == (made.watch_id, Fault.GONE)


async def test_what_a_target_says_is_kept_without_its_secrets(archive, observe, pool, hook):
    await _watched(pool, hook)
    await archive.store(observe(published_at=now()))
    words = b"Cannot POST /hook/secret-part"
    head = b"HTTP/1.1 404 No\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(words)
    hook.answers = [head + words]
    assert await _told(pool) == 0
    async with pool.connection() as connection:
        said = await connection.execute("SELECT fault_detail FROM tonggao.watch")
        [(detail,)] = await said.fetchall()
    assert detail == "404 Cannot POST /…/…"


@pytest.mark.parametrize(("said_", "address", "left"), [
    ("no /a%20key/x?token=abc%21def", "https://h.example/a%20key/x?token=abc%21def", "no /…/x?…=…"),
    ('{"path":"\\/services\\/T0K3N"}', "https://h.example/services/T0K3N", '{"path":"\\/…\\/…"}'),
    ("me:pass-word refused by hook.example", "https://me:pass-word@hook.example:81/", "me:… refused by hook.example"),
    ("[Errno 111] Connection refused", "https://hook.example/k3y", "[Errno 111] Connection refused"),
    ("bad key-of-robot", "wecombot://key-of-robot", "bad …"),
])  # fmt: skip
def test_secrets_of_an_address_are_taken_out_of_what_is_said(said_, address, left):
    assert without_secrets(said_, address) == left
