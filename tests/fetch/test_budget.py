from __future__ import annotations

import asyncio
import random

import pytest

from benchmarks.fetch_politeness import Run, prove
from scraper.database import Pool
from scraper.fetch import FetchPolicy, Outcome
from scraper.fetch.budget import Budget, HostBusy, Slot

HOST = "www.xiqing.test"
POLICY = FetchPolicy(jitter=0.0)


def budget(pool: Pool, policy: FetchPolicy = POLICY) -> Budget:
    """A budget as another process would have it."""
    return Budget(pool, policy, random.Random(7))


async def reserve(owner: Budget, interval: float = 3.0, most: float = 0.0) -> Slot:
    return await owner.reserve(HOST, interval, most, overridden=False)


async def rest_of(pool: Pool) -> float:
    """Seconds until the host may be asked again, by the database's clock."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT extract(epoch FROM next_start - clock_timestamp())::float8 FROM tonggao.host"
        )
        row = await cursor.fetchone()
    assert row is not None
    return float(row[0])


async def pass_time(pool: Pool, seconds: float) -> None:
    """Let the host's times lie further back, instead of waiting."""
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.host SET last_start = last_start - %(s)s * interval '1 second',"
            " next_start = next_start - %(s)s * interval '1 second',"
            " lease_until = lease_until - %(s)s * interval '1 second'",
            {"s": seconds},
        )


async def test_a_host_that_is_held_is_given_to_nobody_else(pool: Pool) -> None:
    ours, theirs = budget(pool), budget(pool)
    slot = await reserve(ours, most=1)
    await pass_time(pool, 50)
    with pytest.raises(HostBusy):
        await reserve(theirs, most=0.05)
    await ours.release(slot, Outcome.OK, 0.1, 50.0, 0.0)
    assert (await reserve(theirs, most=1)).host == HOST


async def test_between_two_starts_a_host_rests(pool: Pool) -> None:
    ours, theirs = budget(pool), budget(pool)
    await ours.release(await reserve(ours, most=1), Outcome.OK, 0.1, 0.0, 0.0)
    with pytest.raises(HostBusy) as caught:
        await reserve(theirs, most=0.5)
    assert 2 < caught.value.wait <= 3
    await pass_time(pool, 3)
    assert (await reserve(theirs, most=1)).host == HOST


async def test_a_slower_source_waits_for_its_own_interval(pool: Pool) -> None:
    ours = budget(pool)
    await ours.release(await reserve(ours, most=1), Outcome.OK, 0.1, 0.0, 0.0)
    await pass_time(pool, 4)
    with pytest.raises(HostBusy) as caught:
        await reserve(ours, interval=10.0, most=0.5)
    assert 5 < caught.value.wait <= 6


async def test_a_killed_holder_frees_itself(pool: Pool) -> None:
    await reserve(budget(pool), most=1)  # and is never heard of again
    await pass_time(pool, POLICY.lease - 1)
    with pytest.raises(HostBusy):
        await reserve(budget(pool), most=0.05)
    await pass_time(pool, 2)
    assert (await reserve(budget(pool), most=1)).host == HOST


async def test_a_late_holder_does_not_take_the_host_from_the_next_one(pool: Pool) -> None:
    late, next_one = budget(pool), budget(pool)
    old = await reserve(late, most=1)
    await pass_time(pool, POLICY.lease + 1)
    await reserve(next_one, most=1)
    await late.release(old, Outcome.OK, 0.1, 0.0, 0.0)
    await pass_time(pool, 10)
    with pytest.raises(HostBusy):
        await reserve(budget(pool), most=0.05)


async def test_the_rest_is_counted_from_when_the_host_saw_the_start(pool: Pool) -> None:
    ours = budget(pool)
    await ours.release(await reserve(ours, most=1), Outcome.OK, 0.1, 2.0, 0.0)
    assert 0.5 < await rest_of(pool) <= 1


@pytest.mark.parametrize("outcome", [Outcome.RATE_LIMITED, Outcome.WALL, Outcome.TIMEOUT])
async def test_a_strained_host_is_asked_less_often(pool: Pool, outcome: Outcome) -> None:
    ours = budget(pool)
    await ours.release(await reserve(ours, most=1), outcome, None, 0.0, 0.0)
    assert 5 < await rest_of(pool) <= 6
    await pass_time(pool, 10)
    await ours.release(await reserve(ours, most=1), outcome, None, 0.0, 0.0)
    assert 11 < await rest_of(pool) <= 12


async def test_a_slow_host_is_asked_less_often(pool: Pool) -> None:
    ours = budget(pool)
    await ours.release(await reserve(ours, most=1), Outcome.OK, 10.0, 0.0, 0.0)
    assert 19 < await rest_of(pool) <= 20


async def test_what_the_host_asks_for_is_granted(pool: Pool) -> None:
    ours = budget(pool)
    await ours.release(await reserve(ours, most=1), Outcome.RATE_LIMITED, 0.1, 0.0, 120.0)
    assert 119 < await rest_of(pool) <= 120


async def test_an_override_is_recorded(pool: Pool) -> None:
    slot = await budget(pool).reserve(HOST, 0.0, 1, overridden=True)
    assert slot.interval == 0
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT overridden, interval_seconds FROM tonggao.host")
        assert await cursor.fetchone() == (True, 0.0)


async def test_within_a_process_requests_go_in_turn(pool: Pool) -> None:
    ours, order = budget(pool), list[int]()

    async def visit(number: int) -> None:
        slot = await ours.reserve(HOST, 0.0, 5, overridden=True)
        order.append(number)
        await ours.release(slot, Outcome.OK, 0.0, 0.0, 0.0)

    await asyncio.gather(*(visit(number) for number in range(20)))
    assert order == list(range(20))


async def test_many_hosts_are_reserved_at_once(pool: Pool) -> None:
    ours = budget(pool)
    hosts = [f"site{number}.test" for number in range(300)]
    slots = await asyncio.gather(*(ours.reserve(host, 3.0, 5, overridden=False) for host in hosts))
    assert [slot.host for slot in slots] == hosts
    await asyncio.gather(*(ours.release(slot, Outcome.OK, 0.1, 0.0, 0.0) for slot in slots))


async def test_a_request_cancelled_while_it_reserves_holds_nothing(pool: Pool) -> None:
    ours = budget(pool)
    task = asyncio.create_task(reserve(ours, interval=0.0, most=5))
    await asyncio.sleep(0)  # it has asked, and not yet been answered
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await ours.close()
    assert (await reserve(budget(pool), interval=0.0, most=1)).host == HOST


async def test_requests_in_line_wait_no_longer_than_they_may(pool: Pool) -> None:
    ours = budget(pool)
    await reserve(ours, most=1)
    with pytest.raises(HostBusy):
        await reserve(ours, most=0.01)


@pytest.mark.chaos
def test_many_processes_keep_one_budget(database_url: str) -> None:
    run = Run(seconds=4, processes=3, hosts=6, interval=0.5, jitter=0.1, kill=True)
    proof = prove(run, database_url)
    assert proof.closest >= run.interval
    assert proof.starts > run.hosts
