"""One vocabulary of outcomes: complete, explained, and the same in SQL."""

from __future__ import annotations

import json

import psycopg

from scraper import errors
from scraper.errors import ListingError, PageError
from scraper.outcome import FORMER, MEANING, Outcome


def test_every_outcome_is_explained() -> None:
    assert set(MEANING) == set(Outcome)


def test_every_error_of_reading_has_an_outcome_and_none_means_success() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, PageError | ListingError)
    ]
    assert len(kinds) >= 12
    assert not any(kind.outcome.good for kind in kinds)
    own = {kind for kind in kinds if "outcome" in vars(kind)}
    assert own == set(kinds), "an error without a word of its own would be counted as another"


def test_former_words_are_class_names_of_the_same_outcome() -> None:
    for word, now in FORMER.items():
        assert getattr(errors, word).outcome == now
        assert Outcome.of_word(word) is Outcome(now)
    assert Outcome.of_word("never heard of") is None


def test_sql_translates_former_words_alike(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        for word in [*FORMER, *Outcome, "never heard of"]:
            stored = json.dumps({str(word): 1})
            row = connection.execute("SELECT tonggao.reasons_now(%s)", [stored]).fetchone()
            assert row == ({FORMER.get(word, str(word)): 1},)


def test_a_view_shows_one_reason_for_one_outcome(database_url: str) -> None:
    stored = {"wall": 2, "Wall": 3, "TooShort": 1}
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists)"
            " VALUES ('a', 'a', 'a', 'gov-portal', '{}')"
        )
        connection.execute(
            "INSERT INTO tonggao.run (source_id, kind, worker, reasons) VALUES ('a', 'manual', 'w', %s)",
            [json.dumps(stored)],
        )
        row = connection.execute("SELECT reasons FROM archive.runs").fetchone()
    assert row == ({"wall": 5, "too_short": 1},)
