"""The reading role reads the archive and changes nothing."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from tests.cli.conftest import Tonggao


def test_selects_work_and_writes_are_refused(tonggao: Tonggao, database_url: str) -> None:
    tonggao("run", "demo.cri.tianjin")
    with psycopg.connect(f"{database_url} options='-c role=tonggao_reader'") as connection:
        rows = connection.execute("SELECT title FROM archive.releases").fetchall()
        assert len(rows) == 3
        hits = connection.execute("SELECT title FROM archive.search('公交')").fetchall()
        assert hits == [("天津首条跨区自动驾驶公交线开始试运行",)]
    for statement in (
        "DELETE FROM archive.releases",
        "UPDATE tonggao.source SET enabled = true",
        "INSERT INTO tonggao.run (source_id, kind, worker) VALUES ('x', 'manual', 'w')",
        "SELECT * FROM tonggao.publication",
        "CREATE TABLE archive.mine ()",
    ):
        with (
            psycopg.connect(f"{database_url} options='-c role=tonggao_reader'") as connection,
            pytest.raises((errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState)),
        ):
            connection.execute(statement.encode())
