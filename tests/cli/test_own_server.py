"""The walk of an operator who is no superuser, on a stock server of either end of the supported releases."""

from __future__ import annotations

import asyncio
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from scraper.database import READER_LOGIN, migrate, prepare_reading
from scraper.database.address import as_address, with_password
from scraper.database.backup import back_up
from tests.archive.servers import server_of
from tests.cli.conftest import Tonggao

pytestmark = pytest.mark.servers

SUPERUSER, PRESS = "user=tonggao", "user=press"
READ = (
    "SELECT archive.snippet('天津公交', ARRAY['公交'])",
    "SELECT * FROM archive.search('公交')",
    "SELECT * FROM archive.matches('公交')",
    "SELECT * FROM archive.changes_since(NULL, 5)",
    "SELECT * FROM archive.region_tree('12')",
)


@pytest.fixture(scope="module", params=[15, 18])
def stock(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh server's connection string as superuser, with the role ``press`` that owns nothing yet."""
    with server_of(request.param) as server:
        with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
            connection.execute("CREATE ROLE press LOGIN")
        yield server


@pytest.fixture
def press(stock: str) -> Iterator[Callable[[str], str]]:
    """Makes a database that ``press`` owns; no reading roles are there before and after the test."""
    made: list[str] = []

    def make(name: str) -> str:
        with psycopg.connect(f"{stock} dbname=postgres", autocommit=True) as connection:
            connection.execute(
                f"CREATE DATABASE {name} OWNER press ENCODING 'UTF8' TEMPLATE template0".encode()
            )
        made.append(name)
        return f"{stock.replace(SUPERUSER, PRESS)} dbname={name}"

    yield make
    with psycopg.connect(f"{stock} dbname=postgres", autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        connection.execute("DROP ROLE IF EXISTS tonggao_reader_login")
        connection.execute("DROP ROLE IF EXISTS tonggao_reader")


def as_superuser(url: str, statements: str) -> None:
    """Run what was printed, as it was printed."""
    with psycopg.connect(url.replace(PRESS, SUPERUSER), autocommit=True) as connection:
        connection.execute(statements.encode())


def reads_all(url: str) -> None:
    """Every view and function of schema ``archive`` can be used by this role."""
    with psycopg.connect(url) as connection:
        views = connection.execute(
            "SELECT viewname FROM pg_views WHERE schemaname = 'archive'"
        ).fetchall()
        assert len(views) > 20
        for statement in (*(f"SELECT * FROM archive.{name}" for (name,) in views), *READ):
            connection.execute(statement.encode())


def test_the_walk_of_an_owner_who_is_no_superuser(
    tonggao: Tonggao, press: Callable[[str], str], tmp_path: Path
) -> None:
    """init, the superuser's part, init, a visit, the reader's login, a backup, a restore, and on."""
    url = press("walk")
    own = {"TONGGAO_DATABASE_URL": url}
    first = tonggao("init", **own)
    assert first.returncode == 4, first.stderr
    asked = first.stdout[first.stdout.index("CREATE ROLE") :]
    assert "GRANT tonggao_reader TO press;" in asked
    assert "REVOKE" not in asked  # the owner of a database may do that himself
    assert tonggao("db", "psql", "--reader", "-c", "SELECT 1", **own).returncode == 3
    as_superuser(url, asked)
    again = tonggao("init", **own)
    assert (again.returncode, again.stderr) == (0, "")
    assert tonggao("run", "demo.cri.tianjin", **own).returncode == 0
    reader = url.replace(PRESS, f"user={READER_LOGIN}")
    reads_all(reader)
    psycopg.connect(url, options="-c role=tonggao_reader").close()  # as the web does

    given = tonggao("db", "reader", "--password-file", str(tmp_path / "password"), **own)
    assert given.returncode == 4
    assert "SCRAM-SHA-256$" in given.stdout
    password = (tmp_path / "password").read_text().strip()
    assert password not in given.stdout + given.stderr
    assert stat.S_IMODE((tmp_path / "password").stat().st_mode) == 0o600
    as_superuser(url, given.stdout[given.stdout.index("ALTER ROLE") :])

    file = str(tmp_path / "press.backup")
    assert tonggao("backup", file, **own).returncode == 0
    restored = press("walked")
    done = tonggao("restore", file, TONGGAO_DATABASE_URL=restored)
    assert (done.returncode, done.stderr) == (0, "")
    reads_all(restored.replace(PRESS, f"user={READER_LOGIN}"))
    assert tonggao("run", "demo.cri.tianjin", TONGGAO_DATABASE_URL=restored).returncode == 0


def test_a_backup_of_another_owner_is_restored_by_one_without_rights(
    database_url: str, tonggao: Tonggao, press: Callable[[str], str], tmp_path: Path
) -> None:
    """From the embedded server, whose owner is named otherwise; no reading role is there yet."""
    file = tmp_path / "embedded.backup"
    asyncio.run(back_up(database_url, file))
    url = press("moved")
    done = tonggao("restore", str(file), TONGGAO_DATABASE_URL=url)
    assert done.returncode == 4, done.stderr
    as_superuser(url, done.stdout[done.stdout.index("CREATE ROLE") :])
    assert tonggao("init", TONGGAO_DATABASE_URL=url).returncode == 0
    reads_all(url.replace(PRESS, f"user={READER_LOGIN}"))


def test_an_owner_who_may_make_roles_needs_nobody(stock: str, press: Callable[[str], str]) -> None:
    url = press("alone")
    with psycopg.connect(f"{stock} dbname=postgres", autocommit=True) as connection:
        connection.execute("ALTER ROLE press CREATEROLE")
        try:
            asyncio.run(migrate(url))
            assert asyncio.run(prepare_reading(url)) == []
            psycopg.connect(url, options="-c role=tonggao_reader").close()
            reads_all(url.replace(PRESS, f"user={READER_LOGIN}"))
        finally:
            connection.execute("ALTER ROLE press NOCREATEROLE")


def test_grants_that_were_lost_are_repaired(press: Callable[[str], str], stock: str) -> None:
    url = press("lost")
    asyncio.run(migrate(url))
    as_superuser(url, ";".join(asyncio.run(prepare_reading(url))))
    assert asyncio.run(prepare_reading(url)) == []
    with psycopg.connect(url) as connection:
        connection.execute("REVOKE ALL ON ALL TABLES IN SCHEMA archive FROM tonggao_reader")
        connection.execute("REVOKE USAGE ON SCHEMA archive FROM tonggao_reader")
        connection.execute(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA archive REVOKE SELECT ON TABLES FROM tonggao_reader"
        )
    assert asyncio.run(prepare_reading(url)) == []
    reads_all(url.replace(PRESS, f"user={READER_LOGIN}"))
    with psycopg.connect(url) as connection:
        connection.execute("CREATE VIEW archive.later AS SELECT 1 AS one")
    reads_all(url.replace(PRESS, f"user={READER_LOGIN}"))


SECRET = "p@ss/w:rd %+语?#&="


def test_the_address_carries_any_password_to_psql_and_sqlalchemy(stock: str) -> None:
    """psycopg's own reader of addresses gives back what went in; the server is asked through it."""
    from sqlalchemy import create_engine, text

    address = as_address(with_password(f"{stock} dbname=postgres", SECRET), password=True)
    assert psycopg.conninfo.conninfo_to_dict(address)["password"] == SECRET
    with psycopg.connect(address) as connection:
        assert connection.info.password == SECRET
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    assert engine.url.password == SECRET
    with engine.connect() as opened:
        assert opened.execute(text("SELECT 41 + 1")).scalar() == 42
    engine.dispose()
    assert re.fullmatch(
        r"postgresql://tonggao@/postgres\?host=/[^&+ ]+", as_address(f"{stock} dbname=postgres")
    )
