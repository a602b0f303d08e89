"""Tokens and the rate: who comes in from outside, and how often."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from typer.testing import CliRunner

from scheduler.cli.commands import app
from scheduler.cli.web import tokens_asked
from scraper.access.gate import Gate
from scraper.access.rate import MOST_CALLERS, REQUESTS_A_MINUTE, Rate
from scraper.access.tokens import TokenFile, token_of
from scraper.errors import SettingsError, UsageError
from scraper.web.server import server_config
from tests.doors.conftest import FIRST


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "below" / "tokens.json")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(Request(scope).url.path)(scope, receive, send)


@pytest.fixture
def inside(file: TokenFile) -> Callable[..., httpx.AsyncClient]:
    """A client of the gate, with some rate and a clock that stands still."""

    def client(rate: int = 100, tokens: TokenFile | None = file) -> httpx.AsyncClient:
        gate = Gate(application, tokens, Rate(rate), "/api/", lambda: 5.0)
        return httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url="http://reader")

    return client


def basic(token: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"anyone:{token}".encode()).decode()}


def test_a_token_is_kept_as_a_digest_in_a_file_of_mode_600(file: TokenFile) -> None:
    token = file.add("lin", FIRST)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert token not in file.path.read_text()
    assert file.names() == {"lin": "2026-11-24T20:00:00+08:00"}
    assert (file.holder(token), file.holder(token + "x"), file.holder("")) == ("lin", None, None)


def test_taking_the_last_one_away_opens_nothing(file: TokenFile) -> None:
    token = file.add("lin", FIRST)
    file.remove("lin")
    assert file.exists
    assert file.holder(token) is None


def test_a_change_by_another_process_counts_at_once(file: TokenFile) -> None:
    old = file.add("lin", FIRST)
    assert file.holder(old) == "lin"
    other = TokenFile(file.path)
    new = other.add("chen", FIRST)
    other.remove("lin")
    assert (file.holder(old), file.holder(new)) == (None, "chen")


def test_a_file_that_others_read_or_that_is_none_is_refused(file: TokenFile) -> None:
    file.add("lin", FIRST)
    file.path.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        TokenFile(file.path).names()
    file.path.chmod(0o600)
    for text in ("", "[]", '{"lin": {}}', '{"lin": 5}', "{"):
        file.path.write_text(text)
        with pytest.raises(SettingsError, match="no file of tokens"):
            TokenFile(file.path).holder("x")


@pytest.mark.parametrize("name", ["", "a b", "../x", "林", "x" * 61, "-x"])
def test_a_name_is_letters_and_digits(file: TokenFile, name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a token"):
        file.add(name, FIRST)


def test_a_name_is_given_once_and_removed_once(file: TokenFile) -> None:
    file.add("lin", FIRST)
    with pytest.raises(UsageError, match="already"):
        file.add("lin", FIRST)
    file.remove("lin")
    with pytest.raises(UsageError, match="no token lin"):
        file.remove("lin")


@given(st.text(max_size=60))
def test_no_header_raises(header: str) -> None:
    assert token_of(header) is None or token_of(header)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"), ("bearer  abc ", "abc"), (basic("abc")["Authorization"], "abc"),
        (basic("a:b")["Authorization"], "a:b"), ("Basic !!!", None), ("Basic YQ==", None), ("Bearer", None),
        ("Digest abc", None), ("", None), ("Bearer " + "x" * 501, None),
    ],
)  # fmt: skip
def test_a_token_is_a_bearer_or_a_password(header: str, token: str | None) -> None:
    assert token_of(header) == token


async def test_without_a_token_nobody_comes_in(
    file: TokenFile, inside: Callable[..., httpx.AsyncClient]
) -> None:
    token = file.add("lin", FIRST)
    async with inside() as client:
        for headers in ({}, basic("wrong"), {"Authorization": "Bearer wrong"}):
            page = await client.get("/", headers=headers)
            assert page.status_code == 401
            assert page.headers["www-authenticate"].startswith("Basic ")
            called = await client.get("/api/v1/search", headers=headers)
            assert called.status_code == 401
            assert called.json()["advice"]
        for headers in (basic(token), {"Authorization": f"Bearer {token}"}):
            assert (await client.get("/", headers=headers)).text == "/"
            assert (await client.get("/api/v1/x", headers=headers)).text == "/api/v1/x"


async def test_a_file_that_cannot_be_used_lets_nobody_in(
    file: TokenFile, inside: Callable[..., httpx.AsyncClient]
) -> None:
    token = file.add("lin", FIRST)
    file.path.chmod(0o644)
    async with inside() as client:
        assert (await client.get("/", headers=basic(token))).status_code == 503
        file.path.unlink()
        assert (await client.get("/", headers=basic(token))).status_code == 401


async def test_each_caller_has_a_rate_of_its_own(
    file: TokenFile, inside: Callable[..., httpx.AsyncClient]
) -> None:
    one, two = basic(file.add("lin", FIRST)), basic(file.add("chen", FIRST))
    async with inside(rate=2) as client:
        codes = [(await client.get("/api/x", headers=one)).status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        refused = await client.get("/api/x", headers=one)
        assert (refused.headers["retry-after"], refused.json()["status"]) == ("30", 429)
        assert (await client.get("/api/x", headers=two)).status_code == 200
        assert (await client.get("/", headers=one)).status_code == 200
        guesses = [(await client.get("/api/x", headers=basic("?"))).status_code for _ in range(3)]
        assert guesses == [401, 401, 429]


def test_a_bucket_fills_again_and_holds_a_minute() -> None:
    rate = Rate(60)
    assert [rate.wait("a", 0) for _ in range(60)] == [0] * 60
    assert rate.wait("a", 0) == pytest.approx(1)
    assert rate.wait("a", 1.5) == 0
    assert rate.wait("a", 1.6) > 0
    assert [rate.wait("a", 10_000) for _ in range(61)][-2:] == [0, pytest.approx(1)]


def test_callers_beyond_number_are_forgotten() -> None:
    rate = Rate(1)
    for number in range(MOST_CALLERS + 1):
        assert rate.wait(str(number), 0) == 0
    assert rate.wait("0", 0) == 0, "the oldest was forgotten"
    assert rate.wait(str(MOST_CALLERS), 0) > 0


def test_the_commands_give_show_and_take_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tokens.json"
    monkeypatch.setenv("TONGGAO_TOKENS_FILE", str(path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    runner = CliRunner()
    added = runner.invoke(app, ["web", "token", "add", "lin"])
    token = added.stdout.splitlines()[0]
    assert TokenFile(path).holder(token) == "lin"
    told = runner.invoke(app, ["web", "token", "list", "--json"]).stdout
    assert json.loads(told)["name"] == "lin"
    assert token not in told
    assert runner.invoke(app, ["web", "token", "remove", "lin"]).exit_code == 0
    assert TokenFile(path).holder(token) is None


@pytest.mark.parametrize(
    ("host", "open_to_all", "token", "asked", "warned"),
    [
        ("127.0.0.1", False, False, False, False),
        ("::1", False, False, False, False),
        ("0.0.0.0", False, False, False, True),
        ("0.0.0.0", True, False, False, False),
        ("0.0.0.0", True, True, False, False),
        ("0.0.0.0", False, True, True, False),
        ("127.0.0.1", False, True, True, False),
    ],
)
def test_who_lets_others_in_without_a_token_is_warned(
    file: TokenFile, host: str, open_to_all: bool, token: bool, asked: bool, warned: bool
) -> None:
    said: list[str] = []
    call: Any = SimpleNamespace(settings=SimpleNamespace(tokens_path=file.path), remark=said.append)
    if token:
        file.add("lin", FIRST)
    assert (tokens_asked(call, host, open_to_all=open_to_all) is not None) == asked
    assert ["--open-to-all" in each for each in said] == [True] * warned


def test_models_on_other_machines_need_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGGAO_TOKENS_FILE", str(tmp_path / "tokens.json"))
    done = CliRunner().invoke(app, ["mcp", "--http", "--host", "0.0.0.0"])
    assert isinstance(done.exception, UsageError)
    assert "need a token" in str(done.exception)


@pytest.mark.parametrize(
    ("sender", "seen"), [("127.0.0.1", "203.0.113.9"), ("198.51.100.7", "198.51.100.7")]
)
async def test_a_proxy_is_believed_on_loopback_only(sender: str, seen: str) -> None:
    async def who(scope: Scope, receive: Receive, send: Send) -> None:
        connection = Request(scope)
        assert connection.client is not None
        await PlainTextResponse(connection.client.host)(scope, receive, send)

    config = server_config(who)
    config.load()
    transport = httpx.ASGITransport(config.loaded_app, client=(sender, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://reader") as client:
        told = await client.get("/", headers={"X-Forwarded-For": "203.0.113.9"})
    assert told.text == seen


def test_the_rate_is_what_the_document_says() -> None:
    told = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
    assert f"{REQUESTS_A_MINUTE} requests a minute" in told
