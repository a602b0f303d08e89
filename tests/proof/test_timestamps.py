"""Timestamps: asked for each new root, again where the authority is away, and checked ever after."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scheduler.proof import authority as asking
from scheduler.proof.authority import authority_of, stamp
from scheduler.proof.daily import keep_chain
from scheduler.settings import Settings
from scraper.archive.integrity.checking import check
from scraper.archive.integrity.findings import Covered
from scraper.archive.proof import timestamps
from scraper.archive.proof.chain import Root, Timestamp
from scraper.archive.proof.proving import SCRIPT, prove, root_of_day, roots
from scraper.archive.proof.timestamps import read_certificates, request_for, stated_time
from scraper.clock import SHANGHAI
from scraper.database import Pool
from scraper.errors import SettingsError, TimestampError
from tests.archive.chains import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, archived_on, tamper

from .authority import Authority, make_authority, opened_authority


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    make_authority(folder)
    return folder


@pytest.fixture
async def authority(made: Path) -> AsyncIterator[Authority]:
    async with opened_authority(made) as opened:
        yield opened


@pytest.fixture
async def archived(pool: Pool) -> Pool:
    await tamper(pool, "INSERT INTO tonggao.file (digest, size, content) VALUES (sha256('a'), 1, 'a')")  # fmt: skip
    await archived_on(pool, MONDAY)
    return pool


def named(authority: Authority) -> asking.Authority:
    settings = Settings(
        timestamp_authority=authority.address, timestamp_certificates=authority.certificates
    )
    found = authority_of(settings)
    assert found is not None
    return found


def morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(0, 5), SHANGHAI)


async def stamps(pool: Pool) -> dict[dt.date, Timestamp]:
    found = [await root_of_day(pool, root.day) for root in await roots(pool)]
    return {root.day: stamp for root, stamp in found if stamp is not None}


async def test_each_new_root_is_stamped_and_checked_by_openssl(
    archived: Pool, authority: Authority, tmp_path: Path
) -> None:
    await keep_chain(archived, morning(TUESDAY), named(authority))
    await keep_chain(archived, morning(TUESDAY), named(authority))
    await keep_chain(archived, morning(WEDNESDAY), named(authority))
    assert list(await stamps(archived)) == [MONDAY, TUESDAY]
    assert len(authority.asked) == 2
    root, kept = await root_of_day(archived, TUESDAY)
    assert kept is not None
    assert kept.authority == "127.0.0.1"
    (tmp_path / "token").write_bytes(kept.token)
    command = ["openssl", "ts", "-verify", "-digest", root.root.hex(), "-in", "token"]
    done = subprocess.run(
        [*command, "-CAfile", authority.certificates], cwd=tmp_path, capture_output=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = await check(archived, certificates=read_certificates(authority.certificates))
    assert (found.altered, found.unproved, found.signatures_unchecked) == ([], [], 0)
    without = await check(archived)
    assert (without.altered, without.signatures_unchecked) == ([], 2)


async def test_nobody_is_asked_while_nobody_is_named(archived: Pool) -> None:
    assert authority_of(Settings()) is None
    await keep_chain(archived, morning(TUESDAY), None)
    assert ([root.day for root in await roots(archived)], await stamps(archived)) == ([MONDAY], {})


async def test_one_that_is_named_later_begins_with_the_last_root(
    archived: Pool, authority: Authority
) -> None:
    await keep_chain(archived, morning(THURSDAY), None)
    await keep_chain(archived, morning(THURSDAY), named(authority))
    assert list(await stamps(archived)) == [WEDNESDAY]


async def test_one_that_was_away_is_asked_again_for_every_root(
    archived: Pool, authority: Authority
) -> None:
    await keep_chain(archived, morning(TUESDAY), named(authority))
    authority.answers += [lambda _: (503, b""), lambda _: (503, b"")]
    await keep_chain(archived, morning(WEDNESDAY), named(authority))
    await keep_chain(archived, morning(THURSDAY), named(authority))
    assert list(await stamps(archived)) == [MONDAY]
    await keep_chain(archived, morning(THURSDAY), named(authority))
    assert list(await stamps(archived)) == [MONDAY, TUESDAY, WEDNESDAY]


async def told(pool: Pool) -> list[tuple[str, str]]:
    async with pool.connection() as connection:
        rows = await connection.execute(
            "SELECT evidence ->> 'after', sentence FROM tonggao.event WHERE kind = 'timestamp' ORDER BY event_id"
        )
        return await rows.fetchall()


async def test_one_that_stays_away_is_told_of_once(archived: Pool, authority: Authority) -> None:
    gone = asking.Authority("http://127.0.0.1:1/stamp", [])
    await keep_chain(archived, morning(TUESDAY), named(authority))
    await keep_chain(archived, morning(WEDNESDAY), gone)
    assert await told(archived) == []
    for _ in range(2):
        await keep_chain(archived, morning(THURSDAY), gone)
    [(after, sentence)] = await told(archived)
    assert after == f"that of {MONDAY}"
    assert "127.0.0.1 cannot be reached" in sentence
    await keep_chain(archived, morning(THURSDAY), named(authority))
    for days in (1, 2):
        await keep_chain(archived, morning(THURSDAY) + dt.timedelta(days=days), gone)
    assert [after for after, _ in await told(archived)] == [
        f"that of {MONDAY}",
        f"that of {WEDNESDAY}",
    ]


async def test_one_that_never_answered_is_told_of_at_once(archived: Pool) -> None:
    gone = asking.Authority("http://127.0.0.1:1/stamp", [])
    for day in (TUESDAY, WEDNESDAY):
        await keep_chain(archived, morning(day), gone)
    assert [after for after, _ in await told(archived)] == ["the first"]


async def test_an_authority_that_is_not_there_does_not_stop_the_sealing(
    archived: Pool, authority: Authority
) -> None:
    gone = asking.Authority("http://127.0.0.1:1/stamp", [])
    await keep_chain(archived, morning(TUESDAY), gone)
    assert [root.day for root in await roots(archived)] == [MONDAY]
    with pytest.raises(TimestampError, match=r"127\.0\.0\.1 cannot be reached"):
        await stamp(archived, gone)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((302, b""), "answered 302"),
        ((200, b""), "that is no timestamp"),
        ((200, b"<html>"), "that is no timestamp"),
        ((200, b"\x30\x03\x02\x01\x02"), "that is no timestamp"),
        ((200, bytes.fromhex("30053003020102")), "refused a timestamp: REJECTION"),
        ((200, b"x" * (asking.MOST_BYTES + 1)), "answers more than 65536 bytes"),
    ],
)
async def test_what_is_no_timestamp_of_the_root_is_not_kept(
    archived: Pool, authority: Authority, answer: tuple[int, bytes], said: str
) -> None:
    await keep_chain(archived, morning(TUESDAY), None)
    authority.answers.append(lambda _: answer)
    with pytest.raises(TimestampError, match=said):
        await stamp(archived, named(authority))
    assert await stamps(archived) == {}


async def test_an_answer_to_another_request_is_not_kept(
    archived: Pool, authority: Authority
) -> None:
    await keep_chain(archived, morning(TUESDAY), None)
    [root] = await roots(archived)
    other = request_for(root).body  # the same root, another number
    authority.answers.append(lambda _: authority.stamped(other))
    with pytest.raises(TimestampError, match="answers another request"):
        await stamp(archived, named(authority))
    assert await stamps(archived) == {}


async def test_two_daemons_ask_once(archived: Pool, authority: Authority) -> None:
    await keep_chain(archived, morning(TUESDAY), None)
    await asyncio.gather(*(stamp(archived, named(authority)) for _ in range(3)))
    assert (list(await stamps(archived)), len(authority.asked)) == ([MONDAY], 1)


@pytest.fixture
async def stamped(archived: Pool, authority: Authority) -> Pool:
    await keep_chain(archived, morning(TUESDAY), named(authority))
    return archived


async def test_an_altered_timestamp_is_named(stamped: Pool, authority: Authority) -> None:
    [kept] = (await stamps(stamped)).values()
    place = kept.token.find((await roots(stamped))[0].root)
    for altered in (
        place,
        place + 40,
        len(kept.token) - 3,
    ):  # the root, what is signed, the signature
        change = "UPDATE tonggao.root_timestamp SET token = set_byte(token, %s, 255 - get_byte(token, %s))"  # fmt: skip
        await tamper(stamped, change, altered, altered)
        found = await check(stamped, certificates=read_certificates(authority.certificates))
        [alteration] = found.altered
        assert (alteration.kind, alteration.row) == (
            Covered.ROOT,
            f"tonggao.root_timestamp {MONDAY}",
        )
        await tamper(stamped, change, altered, altered)
    assert (await check(stamped)).altered == []
    await tamper(stamped, "UPDATE tonggao.root_timestamp SET stamped_at = stamped_at - interval '1 day'")  # fmt: skip
    assert len((await check(stamped)).altered) == 1


async def test_a_timestamp_of_somebody_unknown_is_not_believed(
    stamped: Pool, tmp_path: Path
) -> None:
    make_authority(tmp_path)
    found = await check(stamped, certificates=read_certificates(tmp_path / "ca.pem"))
    assert "no certificate of timestamp_certificates vouches" in found.altered[0].found


async def test_any_byte_of_an_answer_may_be_altered_without_a_crash(
    stamped: Pool, authority: Authority
) -> None:
    [root] = await roots(stamped)
    [kept] = (await stamps(stamped)).values()
    ca = read_certificates(authority.certificates)
    refused = 0
    for place in range(len(kept.token)):
        altered = bytearray(kept.token)
        altered[place] ^= 0x81
        try:
            stated_time(bytes(altered), root, ca)
        except TimestampError:
            refused += 1
    assert refused > 0.95 * len(
        kept.token
    )  # the rest is in no signature, such as the alg. of the key


async def test_without_the_library_timestamps_are_unproved(
    stamped: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.archive.integrity.chain.library_is_here", lambda: False)
    found = await check(stamped)
    assert found.altered == []
    assert found.unproved == [f"tonggao.root_timestamp {MONDAY} (the extra timestamps is not installed)"]  # fmt: skip
    monkeypatch.setattr(asking, "library_is_here", lambda: False)
    monkeypatch.setattr(timestamps, "library_is_here", lambda: False)
    with pytest.raises(SettingsError, match="extra timestamps"):
        authority_of(Settings(timestamp_authority="http://127.0.0.1/"))
    with pytest.raises(SettingsError, match="extra timestamps"):
        read_certificates(Path("ca.pem"))


def test_certificates_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="timestamp_certificates"):
        read_certificates(tmp_path / "none.pem")
    (tmp_path / "bad.pem").write_text("bad")
    with pytest.raises(SettingsError, match=r"bad\.pem"):
        read_certificates(tmp_path / "bad.pem")


def checked(folder: Path, proof: dict[str, object], ca: Path) -> subprocess.CompletedProcess[str]:
    (folder / "proof.json").write_text(json.dumps(proof))
    (folder / "check.py").write_bytes(SCRIPT.read_bytes())
    command = [sys.executable, "-I", "-S", "check.py", "proof.json", "--ca", str(ca)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


async def test_the_script_believes_a_timestamp_and_no_altered_one(
    stamped: Pool, authority: Authority, tmp_path: Path
) -> None:
    name = "sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    proof = await prove(stamped, name)
    done = checked(tmp_path, proof, authority.certificates)
    assert (done.returncode, f"the root of {MONDAY} was there at " in done.stdout) == (0, True)
    make_authority(tmp_path)
    assert checked(tmp_path, proof, tmp_path / "ca.pem").returncode == 1
    [root] = proof["roots"]
    token = bytearray(base64.b64decode(root["timestamp"]))
    for place in (token.find(bytes.fromhex(root["root"])), len(token) - 3):
        altered = token.copy()
        altered[place] ^= 1
        root["timestamp"] = base64.b64encode(altered).decode()
        done = checked(tmp_path, proof, authority.certificates)
        assert (done.returncode, "NOT PROVED: the timestamp" in done.stderr) == (1, True)
    root["timestamp"] = None
    done = checked(tmp_path, proof, authority.certificates)
    assert (done.returncode, "no root with a timestamp" in done.stderr) == (1, True)


async def test_a_timestamp_before_the_day_of_a_leaf_shows_nothing_of_it(
    stamped: Pool, authority: Authority, tmp_path: Path
) -> None:
    await tamper(stamped, "INSERT INTO tonggao.file (digest, size, content) VALUES (sha256('b'), 1, 'b')")  # fmt: skip
    await archived_on(stamped, TUESDAY)
    await keep_chain(stamped, morning(WEDNESDAY), None)
    both = [each["root"] for each in (await prove(stamped, "sha256:" + "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"))["roots"]]  # fmt: skip
    late = await prove(stamped, "sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d")  # fmt: skip
    early = await prove(stamped, "sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")  # fmt: skip
    forged = {**early, "leaves": [*early["leaves"], *late["leaves"]]}
    assert len(both) == 2
    assert checked(tmp_path, early, authority.certificates).returncode == 0
    assert checked(tmp_path, forged, authority.certificates).returncode == 1


def test_a_root_that_is_not_what_it_says_gets_no_timestamp(authority: Authority) -> None:
    root = Root(MONDAY, b"x" * 32, None, b"y" * 32, 1, 1, 0, morning(TUESDAY))
    request = request_for(root)
    _, token = authority.stamped(request.body)
    with pytest.raises(TimestampError, match="is not of the root"):
        stated_time(token, root, [], request.nonce)
