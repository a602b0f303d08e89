"""Work begun ahead of its turn gives its results in order, and ends with its asker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import Any

import pytest

from scraper.ahead import in_order, one_behind


async def _each(pieces: list[Coroutine[Any, Any, int]]) -> AsyncGenerator[Coroutine[Any, Any, int]]:
    for piece in pieces:
        yield piece


async def test_results_come_in_the_order_of_the_pieces() -> None:
    gates = [asyncio.Event() for _ in range(5)]
    ended: list[int] = []

    async def piece(number: int) -> int:
        await gates[number].wait()
        ended.append(number)
        if number:
            gates[number - 1].set()  # each lets the one before it end
        return number

    gates[2].set()
    gates[4].set()
    found = [n async for n in in_order(_each([piece(n) for n in range(5)]), 3)]
    assert found == [0, 1, 2, 3, 4]
    assert ended[:3] == [2, 1, 0]


@pytest.mark.parametrize("most", [1, 2, 7])
async def test_no_more_are_under_way_than_asked_for(most: int) -> None:
    under_way, highest = 0, 0

    async def piece() -> int:
        nonlocal under_way, highest
        under_way += 1
        highest = max(highest, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return highest

    found = [each async for each in in_order(_each([piece() for _ in range(20)]), most)]
    assert len(found) == 20
    assert highest == most


async def test_what_fails_is_raised_in_its_turn_and_the_rest_is_ended() -> None:
    ended: list[str] = []

    async def good() -> int:
        return 1

    async def bad() -> int:
        raise LookupError("the second")

    async def never() -> int:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")
        return 0

    results = in_order(_each([good(), bad(), never(), never()]), 4)
    assert await anext(results) == 1
    with pytest.raises(LookupError, match="the second"):
        await anext(results)
    assert ended == ["cancelled", "cancelled"]


async def test_an_asker_who_leaves_early_leaves_nothing_behind() -> None:
    ended: list[str] = []

    async def never() -> int:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")
        return 0

    async def first() -> int:
        return 1

    async with aclosing(in_order(_each([first(), never()]), 2)) as results:
        async for _ in results:
            await asyncio.sleep(0)
            break
    assert ended == ["cancelled"]


async def test_an_asker_who_leaves_early_ends_what_the_pieces_come_from() -> None:
    ended: list[str] = []

    async def one() -> int:
        return 1

    async def pieces() -> AsyncGenerator[Coroutine[Any, Any, int]]:
        try:
            while True:
                yield one()
        finally:
            ended.append("the pieces")

    async with aclosing(in_order(pieces(), 2)) as results:
        assert await anext(results) == 1
    assert ended == ["the pieces"]


async def test_one_goes_on_behind_its_asker_and_the_next_waits_for_it() -> None:
    seen: list[str] = []
    gate = asyncio.Event()

    async def piece(name: str) -> None:
        await gate.wait()
        seen.append(name)

    async with one_behind() as begin:
        await begin(piece("first"))
        seen.append("the asker")
        gate.set()
        await begin(piece("second"))
        assert seen == ["the asker", "first"]
    assert seen == ["the asker", "first", "second"]


@pytest.mark.parametrize("another", [True, False])
async def test_what_fails_behind_reaches_the_asker(*, another: bool) -> None:
    begun: list[str] = []

    async def bad() -> None:
        raise LookupError("behind")

    async def next_one() -> None:
        begun.append("next")

    async def asker() -> None:
        async with one_behind() as begin:
            await begin(bad())
            if another:
                await begin(next_one())

    with pytest.raises(LookupError, match="behind"):
        await asker()
    assert begun == []


async def test_an_asker_who_is_cancelled_ends_what_goes_on_behind() -> None:
    ended: list[str] = []

    async def never() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def asker() -> None:
        async with one_behind() as begin:
            await begin(never())
            await asyncio.Event().wait()

    task = asyncio.create_task(asker())
    for _ in range(3):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["cancelled"]


async def test_what_was_begun_before_its_asker_failed_is_brought_to_its_end() -> None:
    ended: list[str] = []
    gate = asyncio.Event()

    async def piece() -> None:
        await gate.wait()
        ended.append("piece")

    async def asker() -> None:
        async with one_behind() as begin:
            await begin(piece())
            asyncio.get_running_loop().call_soon(gate.set)
            raise LookupError("the asker")

    with pytest.raises(LookupError, match="the asker"):
        await asker()
    assert ended == ["piece"]


async def test_what_came_before_a_failure_of_the_pieces_source_comes_first() -> None:
    async def piece(number: int) -> int:
        return number

    async def pieces() -> AsyncGenerator[Coroutine[Any, Any, int]]:
        yield piece(1)
        yield piece(2)
        raise LookupError("the source")

    async with aclosing(in_order(pieces(), 3)) as results:
        assert [await anext(results), await anext(results)] == [1, 2]
        with pytest.raises(LookupError, match="the source"):
            await anext(results)
