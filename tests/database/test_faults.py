"""Whose fault a database error is goes by its SQLSTATE, and what is done about it by the fault."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors
from psycopg_pool import PoolTimeout

from scheduler.crew import TROUBLE_LASTS_SECONDS, Trouble
from scheduler.jobs.tasks import MOST_PAUSE_SECONDS, OPERATOR_SECONDS, pause_of
from scraper.database import Fault, cannot_write, explain, fault_of, lost_to_another
from scraper.errors import (
    DatabaseError,
    DatabaseUnavailable,
    DocumentRefused,
    SchemaMismatch,
    UnsuitableDatabase,
    WriteRefused,
)

TRANSIENT = "08006 08001 40001 40P01 53100 53200 53300 57P01 57P02 57P03 57014 55P03 25006 58030"
DOCUMENT = "22001 22003 22007 22008 22021 22P02 22P05 54000 54001 23502 23503 23514 23P01"
OPERATOR = (
    "42501 42P01 42703 42883 28000 28P01 3D000 3F000 0A000 25P02 55000 58P01 XX000 XX001 F0000"
)


def raised(code: str) -> psycopg.Error:
    return errors.lookup(code)("as the server says it")


@pytest.mark.parametrize(
    ("codes", "fault"),
    [(TRANSIENT, Fault.TRANSIENT), (DOCUMENT, Fault.DOCUMENT), (OPERATOR, Fault.OPERATOR)],
)
def test_a_fault_goes_by_the_sqlstate(codes: str, fault: Fault) -> None:
    assert {code: fault_of(raised(code)) for code in codes.split()} == dict.fromkeys(
        codes.split(), fault
    )


def test_every_state_that_psycopg_knows_has_a_fault_and_a_sentence() -> None:
    codes = sorted(vars(errors)["_sqlcodes"])
    assert len(codes) > 200
    for code in codes:
        error = raised(code)
        assert fault_of(error) in Fault  # type: ignore[operator]
        assert str(explain(error, "dbname=archive host=db"))


def test_two_writers_at_one_key_are_tried_again_once() -> None:
    error = raised("23505")
    assert fault_of(error) is Fault.TRANSIENT
    assert fault_of(error, attempt=2) is Fault.DOCUMENT
    assert lost_to_another(error, 1)
    assert not lost_to_another(error, 2)
    assert lost_to_another(raised("40P01"), 4)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (psycopg.OperationalError("connection refused"), Fault.TRANSIENT),
        (psycopg.InterfaceError("the connection is closed"), Fault.TRANSIENT),
        (PoolTimeout("couldn't get a connection"), Fault.TRANSIENT),
        (DatabaseUnavailable("away"), Fault.TRANSIENT),
        (WriteRefused("full"), Fault.TRANSIENT),
        (psycopg.DataError("PostgreSQL text fields cannot contain NUL"), Fault.DOCUMENT),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), Fault.DOCUMENT),
        (DocumentRefused("a value"), Fault.DOCUMENT),
        (SchemaMismatch("older"), Fault.OPERATOR),
        (UnsuitableDatabase("LATIN1"), Fault.OPERATOR),
        (psycopg.ProgrammingError("the query has 2 placeholders"), Fault.OPERATOR),
        (ValueError("none of the database"), None),
    ],
)
def test_what_was_raised_on_this_side_has_its_fault(error: Exception, fault: Fault | None) -> None:
    assert fault_of(error) is fault


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("54000", DocumentRefused, "refused a value"),
        ("22021", DocumentRefused, "refused a value"),
        ("53100", WriteRefused, "refused to write"),
        ("58030", WriteRefused, "refused to write"),
        ("42501", DatabaseError, "run `tonggao init` as the owner"),
        ("28P01", DatabaseError, "check the user and the password"),
        ("3D000", DatabaseError, "CREATE DATABASE"),
        ("0A000", DatabaseError, "PostgreSQL 15 or newer"),
        ("XX001", DatabaseError, "look into the server's log"),
        ("42883", SchemaMismatch, "run `tonggao init`"),
        ("55P03", DatabaseError, "was busy"),
        ("57P01", DatabaseUnavailable, "no connection"),
    ],
)
def test_the_message_says_what_to_type(code: str, kind: type[DatabaseError], words: str) -> None:
    told = explain(raised(code), "dbname=archive host=db")
    assert type(told) is kind
    assert words in str(told)


def test_retries_are_bounded_in_rate() -> None:
    full = raised("53100")
    pauses = [pause_of(full, attempts) for attempts in range(40)]
    assert pauses[:5] == [5, 10, 20, 40, 60]
    assert set(pauses[4:]) == {MOST_PAUSE_SECONDS}
    assert pause_of(raised("42501"), 0) == OPERATOR_SECONDS
    assert pause_of(raised("54000"), 0) is None
    assert pause_of(raised("23505"), 0) == 5
    assert pause_of(raised("23505"), 1) is None
    assert pause_of(ValueError("ours"), 0) is None


def test_a_full_disk_is_trouble_while_it_is_met_and_not_after() -> None:
    trouble = Trouble()
    assert not trouble.lasts(0.0)
    trouble.note(raised("54000"), 0.0)
    assert not trouble.lasts(0.0)
    trouble.note(raised("53100"), 10.0)
    assert trouble.lasts(10.0 + TROUBLE_LASTS_SECONDS - 1)
    assert not trouble.lasts(10.0 + TROUBLE_LASTS_SECONDS)
    assert MOST_PAUSE_SECONDS < TROUBLE_LASTS_SECONDS, "it comes again before it is forgotten"


def test_what_keeps_the_server_from_writing_is_told_apart() -> None:
    assert [
        code
        for code in ["53100", "53200", "25006", "58030", "54000", "42501"]
        if cannot_write(raised(code))
    ] == [
        "53100",
        "53200",
        "25006",
        "58030",
    ]
