"""What the database refuses is told apart: one article, the whole visit, or a while."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from psycopg import errors

from scraper.archive import Archive, Observation, Stored
from scraper.database import Pool
from scraper.sources import Source
from scraper.visit import Tools, visit
from scraper.visit.run import Failure


class Refusing(Archive):
    """An archive whose server answers the second article, or every one, by an error."""

    def __init__(self, pool: Pool, error: Exception, *, always: bool = False) -> None:
        super().__init__(pool)
        self.error, self.always, self.asked = error, always, 0

    async def store(self, observation: Observation) -> Stored:
        self.asked += 1
        if self.always or self.asked == 2:
            raise self.error
        return await super().store(observation)


def refusing(tools: Tools, error: Exception, *, always: bool = False) -> tuple[Tools, Refusing]:
    archive = Refusing(tools.pool, error, always=always)
    return replace(tools, archive=archive), archive


@pytest.mark.parametrize(
    "error",
    [
        errors.ProgramLimitExceeded("index row size 3528 exceeds btree maximum 2704"),
        errors.CharacterNotInRepertoire("invalid byte sequence"),
        errors.CheckViolation("a rule"),
        psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
    ],
)
async def test_what_is_the_documents_own_fails_it_alone(
    sources: dict[str, Source], tools: Tools, error: Exception
) -> None:
    other, _ = refusing(tools, error)
    summary = await visit(sources["cri"], other)
    assert (summary.new, summary.failed, summary.error) == (2, 1, None)
    assert summary.reasons == {"unstorable": 1}


async def test_what_is_the_operators_stops_the_visit_and_blames_no_article(
    sources: dict[str, Source], tools: Tools
) -> None:
    other, archive = refusing(tools, errors.InsufficientPrivilege("permission denied"), always=True)
    summary = await visit(sources["cri"], other)
    assert archive.asked == 1
    assert (summary.failed, summary.reasons) == (0, {})
    assert summary.failure is Failure.DATABASE
    assert "run `tonggao init` as the owner" in str(summary.error)


async def test_what_passes_interrupts_the_visit(
    sources: dict[str, Source], tools: Tools, pool: Pool
) -> None:
    other, _ = refusing(tools, errors.DiskFull("could not extend file"))
    with pytest.raises(errors.DiskFull):
        await visit(sources["cri"], other)
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT state, failed FROM tonggao.run")
        assert await cursor.fetchall() == [("interrupted", 0)]
    assert (await visit(sources["cri"], tools)).new == 2
