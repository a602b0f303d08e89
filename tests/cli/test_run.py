"""One source that the database fails does not end the visits of the others."""

from __future__ import annotations

import psycopg
import pytest

from scheduler.cli.run import _summaries
from scheduler.demo.conductor import SOURCES
from scraper.sources import load_catalogue
from scraper.visit import RunSummary

AWAY = psycopg.OperationalError("the connection is lost")


def test_a_visit_that_the_database_failed_is_told_beside_the_others() -> None:
    chosen = load_catalogue(SOURCES).select(tag="demo")[:2]
    told = _summaries(chosen, [AWAY, RunSummary(7, chosen[1].id)])
    assert [(each.source_id, each.error) for each in told] == [
        (chosen[0].id, "the connection is lost"),
        (chosen[1].id, None),
    ]


def test_a_database_that_failed_every_visit_is_an_error_of_the_command() -> None:
    chosen = load_catalogue(SOURCES).select(tag="demo")[:2]
    with pytest.raises(psycopg.OperationalError):
        _summaries(chosen, [AWAY, AWAY])


def test_an_error_of_ours_is_not_hidden_by_the_others_success() -> None:
    chosen = load_catalogue(SOURCES).select(tag="demo")[:2]
    with pytest.raises(ValueError, match="ours"):
        _summaries(chosen, [ValueError("ours"), RunSummary(7, chosen[1].id)])
