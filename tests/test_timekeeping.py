"""Two witnesses make a clock doubtful, one does not, and the hosts can clear it."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

import pytest

from scraper.clock import SHANGHAI
from scraper.timekeeping import DOUBT_SECONDS, Judgement, Timekeeper, Witness, judge

TRUE = dt.datetime(2026, 11, 28, 16, 0, tzinfo=SHANGHAI)
DAY = 86_400.0
FAR = 400 * DAY
MONOTONIC, STORED, DATABASE, HOSTS = Witness


@pytest.mark.parametrize(
    ("readings", "hosts", "witnesses"),
    [
        ({}, [], ()),
        ({DATABASE: FAR}, [], ()),
        ({DATABASE: FAR, MONOTONIC: 0.0}, [], ()),
        ({DATABASE: FAR, MONOTONIC: FAR}, [], (DATABASE, MONOTONIC)),
        ({DATABASE: 299.0, MONOTONIC: 299.0}, [], ()),
        ({DATABASE: 300.0, MONOTONIC: 300.0}, [], (DATABASE, MONOTONIC)),
        ({DATABASE: FAR, STORED: -FAR}, [], ()),  # they contradict each other
        (
            {DATABASE: FAR, STORED: FAR},
            [],
            (),
        ),  # a machine that was off, a server with a wrong clock
        ({DATABASE: 0.0, STORED: FAR}, [FAR, FAR, FAR], (HOSTS, STORED)),  # the server is on it too
        ({DATABASE: 0.0, STORED: 3600.0}, [FAR, FAR, FAR], ()),
        ({DATABASE: 0.0, STORED: FAR}, [0.0, 1.0], ()),  # a machine that was off
        ({STORED: -FAR, MONOTONIC: -FAR}, [], (STORED, MONOTONIC)),
        ({STORED: -FAR, MONOTONIC: -FAR}, [1.0], ()),  # a clock that was set right
        ({DATABASE: FAR}, [FAR + 20], (DATABASE, HOSTS)),  # two that agree
        ({DATABASE: FAR}, [900.0], ()),  # a lone host that says something else
        ({}, [FAR, FAR, FAR], ()),  # the hosts alone are one witness
        ({DATABASE: FAR}, [FAR, FAR / 2, FAR * 2], (DATABASE, HOSTS)),
        ({DATABASE: FAR, MONOTONIC: FAR}, [0.0, 5.0, FAR], ()),
    ],
)
def test_weighing(
    readings: dict[Witness, float], hosts: list[float], witnesses: tuple[Witness, ...]
) -> None:
    assert set(judge(readings, hosts).witnesses) == set(witnesses)


def test_only_what_two_bear_out_stops_visits() -> None:
    assert judge({DATABASE: FAR, MONOTONIC: 3600.0}, []).ahead == 3600.0
    assert not judge({DATABASE: FAR, MONOTONIC: 3600.0}, []).stopped
    assert judge({DATABASE: FAR, MONOTONIC: FAR}, []).stopped
    assert judge({DATABASE: -FAR, MONOTONIC: -FAR}, []).stopped


class Machine:
    """A machine whose wall clock can be set."""

    def __init__(self) -> None:
        self.passed, self.wrong = 0.0, 0.0

    def wall(self) -> dt.datetime:
        return TRUE + dt.timedelta(seconds=self.passed + self.wrong)

    def monotonic(self) -> float:
        return 1000.0 + self.passed

    def keeper(self) -> Timekeeper:
        return Timekeeper(self.wall, self.monotonic)

    @property
    def true(self) -> dt.datetime:
        return TRUE + dt.timedelta(seconds=self.passed)


def date(moment: dt.datetime) -> dict[str, str]:
    return {"date": format_datetime(moment.astimezone(dt.UTC), usegmt=True)}


def test_a_process_begun_with_a_wrong_clock_writes_the_databases_time() -> None:
    machine = Machine()
    machine.wrong = FAR
    keeper = machine.keeper()
    keeper.ask_database(machine.true, None)
    assert keeper() == machine.wall()  # one witness is not enough
    keeper.hear("a.cn", date(machine.true))
    assert keeper() == machine.true
    assert keeper.judgement().stopped
    assert str(keeper.judgement()).startswith("the clock of this machine is 400 days")


def test_a_step_is_noticed_at_once_and_over_when_it_is_over() -> None:
    machine = Machine()
    keeper = machine.keeper()
    keeper.ask_database(machine.true, machine.true)
    machine.passed, machine.wrong = 60.0, 3600.0
    assert keeper() == machine.true
    assert keeper.judgement() == Judgement(3600.0, (MONOTONIC, DATABASE))
    machine.wrong = 0.0
    assert keeper() == machine.wall() == machine.true
    assert not keeper.judgement().doubtful


def test_with_a_database_of_the_same_clock_the_hosts_tell_the_time() -> None:
    machine = Machine()
    keeper = machine.keeper()
    for host in ("a.cn", "b.cn", "c.cn"):
        keeper.hear(host, date(machine.true))
    machine.passed, machine.wrong = 60.0, -FAR
    keeper.ask_database(machine.wall(), machine.true)
    assert keeper() == machine.true
    assert keeper.judgement().witnesses == (MONOTONIC, STORED, HOSTS)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"date": ""},
        {"date": "yesterday"},
        {"date": "Sat, 99 Nov 2026 08:00:00 GMT"},
        {"date": "9" * 9999},
    ],
)
def test_a_date_that_is_none_says_nothing(headers: dict[str, str]) -> None:
    machine = Machine()
    keeper = machine.keeper()
    keeper.ask_database(machine.true - dt.timedelta(days=3), None)
    keeper.hear("a.cn", headers)
    assert not keeper.judgement().doubtful


def test_what_a_cache_has_aged_is_not_late() -> None:
    machine = Machine()
    keeper = machine.keeper()
    keeper.hear("a.cn", date(machine.true - dt.timedelta(hours=2)) | {"age": "7200"})
    machine.wrong = DOUBT_SECONDS * 2
    keeper.ask_database(machine.true, None)
    assert HOSTS in keeper.judgement().witnesses
