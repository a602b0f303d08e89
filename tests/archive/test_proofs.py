"""Proofs, checked by the script that ships, on a Python that has no tonggao."""

from __future__ import annotations

import ast
import datetime as dt
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scraper.archive import Archive
from scraper.archive.erasure.erasing import erase, named
from scraper.archive.observations.file import FileContent, WantedFile
from scraper.archive.proof import check_proof
from scraper.archive.proof import rows as proof_rows
from scraper.archive.proof.merkle import BLOCK
from scraper.archive.proof.proving import lines_of_day, prove, roots
from scraper.archive.proof.sealing import seal
from scraper.archive.writing.file_store import FileArchive
from scraper.clock import SHANGHAI
from scraper.database import Pool
from scraper.errors import Altered, UsageError

from .chains import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, archived_on, tamper
from .conftest import MORNING, MakeObservation

URL = "https://qingchuan.example/1.html"
PDF = "https://qingchuan.example/1.pdf"
PAGE = b"<html><p>" + "通稿".encode() * 99
FILE = b"%PDF-1.7 of the attachment"
SCRIPT = Path(check_proof.__file__)


class Checker:
    """The script in a folder of its own, as a stranger runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(SCRIPT, folder / "check.py")
        (folder / "page.html").write_bytes(PAGE)
        (folder / "file.pdf").write_bytes(FILE)

    def __call__(self, proof: dict[str, Any], *given: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "proof.json").write_text(json.dumps(proof, ensure_ascii=False), "utf-8")
        command = [sys.executable, "-I", "-S", "check.py", "proof.json", *given]
        return subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
        )  # fmt: skip


@pytest.fixture
def check(tmp_path: Path) -> Checker:
    return Checker(tmp_path)


@pytest.fixture
async def sealed(archive: Archive, pool: Pool, observe: MakeObservation) -> Pool:
    """A release with a page, a file and two texts, archived on two days, a third without anything."""
    wanted = (WantedFile(PDF, "attachment", 1, keep=True),)
    await archive.store(observe(URL, body=PAGE, files=wanted))
    digest = hashlib.sha256(FILE).hexdigest()
    await FileArchive(pool).store(
        FileContent(
            url=PDF, kind="attachment", digest=digest, body=FILE, keep=True, fetched_at=MORNING,
            media_type="application/pdf", name="附件.pdf", readings=(),
        )
    )  # fmt: skip
    await archived_on(pool, MONDAY)
    await seal(pool, TUESDAY)
    await archive.store(
        observe(
            URL, body=PAGE + b"!", paragraphs=("改后的正文。" * 20,), fetched_at=MORNING.replace(hour=12)
        )
    )  # fmt: skip
    await archived_on(pool, TUESDAY)
    await seal(pool, THURSDAY)
    return pool


def kinds(proof: dict[str, Any]) -> list[str]:
    return sorted(each["leaf"].split()[0] for each in proof["leaves"])


async def test_a_proof_is_checked_without_tonggao(sealed: Pool, check: Checker) -> None:
    proof = await prove(sealed, "1")
    assert kinds(proof) == ["file", "record", "record", "snapshot", "snapshot"]
    assert [root["day"] for root in proof["roots"]] == ["2026-11-02", "2026-11-03", "2026-11-04"]
    done = check(proof, "page.html", "file.pdf", "--root", proof["roots"][-1]["root"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("PROVED, chained to the root of 2026-11-04")
    assert done.stdout.count("青川市举行智能制造专场新闻发布会") == 2


def leaf(proof: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in proof["leaves"] if each["leaf"].startswith(kind + " ")
    )
    return found


def turned(text: str, place: int = 20) -> str:
    """The text with one sign changed into another of the same kind."""
    return text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]


ALTERATIONS: dict[str, Callable[[dict[str, Any]], None]] = {
    "a record's text": lambda p: leaf(p, "record").update(
        value=leaf(p, "record")["value"].replace("青川", "清川", 1)
    ),
    "a record's leaf": lambda p: leaf(p, "record").update(leaf=turned(leaf(p, "record")["leaf"])),
    "a record's number": lambda p: leaf(p, "record").update(
        leaf=leaf(p, "record")["leaf"].replace("record 1 ", "record 3 ")
    ),
    "a page's leaf": lambda p: leaf(p, "snapshot").update(leaf=turned(leaf(p, "snapshot")["leaf"])),
    "a file's leaf": lambda p: leaf(p, "file").update(leaf=turned(leaf(p, "file")["leaf"])),
    "the kind of a leaf": lambda p: leaf(p, "file").update(
        leaf=leaf(p, "file")["leaf"].replace("file", "snapshot")
    ),
    "a path": lambda p: leaf(p, "record").update(path=[turned(leaf(p, "record")["path"][0])]),
    "a shorter path": lambda p: leaf(p, "record").update(path=leaf(p, "record")["path"][:-1]),
    "a longer path": lambda p: leaf(p, "record").update(
        path=[*leaf(p, "record")["path"], "00" * 32]
    ),
    "a leaf's place": lambda p: leaf(p, "record").update(index=leaf(p, "record")["index"] - 1),
    "the day of a leaf": lambda p: leaf(p, "record").update(day="2026-11-04"),
    "the day of a root": lambda p: p["roots"][0].update(day="2026-11-01"),
    "the leaves of a root": lambda p: p["roots"][1].update(leaves=3),
    "the tree of a root": lambda p: p["roots"][1].update(tree=turned(p["roots"][1]["tree"])),
    "a root": lambda p: p["roots"][1].update(root=turned(p["roots"][1]["root"])),
    "the root before": lambda p: p["roots"][2].update(previous=turned(p["roots"][2]["previous"])),
    "a day that is left out": lambda p: p["roots"].pop(1),
    "no leaf": lambda p: p["leaves"].clear(),
}


@pytest.mark.parametrize("what", ALTERATIONS)
async def test_whatever_is_altered_is_not_proved(sealed: Pool, check: Checker, what: str) -> None:
    proof = await prove(sealed, "1")
    assert check(proof).returncode == check_proof.EXIT_ALONE
    before = json.dumps(proof)
    ALTERATIONS[what](proof)
    assert json.dumps(proof) != before
    done = check(proof)
    assert done.returncode == 1
    assert "NOT PROVED" in done.stderr
    assert "PROVED" not in done.stdout


def test_the_script_is_of_the_python_that_it_asks_for() -> None:
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 9))


NO_PROOFS = (
    "",
    "{",
    "[]",
    "7",
    '{"form": "tonggao proof 1"}',
    '{"form": [], "roots": 7, "leaves": {}}',
    "\x00",
)


@pytest.mark.parametrize("written", NO_PROOFS)
def test_what_is_no_proof_is_said_to_be_none(check: Checker, written: str) -> None:
    (check.folder / "no.json").write_text(written, "utf-8")
    command = [sys.executable, "-I", "-S", "check.py", "no.json"]
    done = subprocess.run(command, cwd=check.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("NOT PROVED: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["page.html", "file.pdf"])
async def test_altered_bytes_are_not_what_was_archived(
    sealed: Pool, check: Checker, name: str
) -> None:
    proof = await prove(sealed, "1")
    body = bytearray((check.folder / name).read_bytes())
    body[7] ^= 1
    (check.folder / name).write_bytes(body)
    done = check(proof, name)
    assert (done.returncode, name in done.stderr) == (1, True)


async def test_a_root_vouches_only_for_what_is_before_it(sealed: Pool, check: Checker) -> None:
    """Else a forger could chain a day of their own to a root that everybody knows."""
    proof = await prove(sealed, "1")
    first, _, third = (root["root"] for root in proof["roots"])
    assert check(proof, "--root", third).returncode == 0
    assert check(proof, "--root", third.upper()).returncode == 0
    assert check(proof, "--root", first).returncode == 1
    assert check(proof, "--root", turned(third)).returncode == 1


async def test_what_only_agrees_with_itself_is_not_called_proved(
    sealed: Pool, check: Checker
) -> None:
    """Whoever writes a proof can make it agree with itself: without a root from elsewhere nothing is shown."""
    proof = await prove(sealed, "1")
    done = check(proof, "page.html")
    assert (done.returncode, done.stderr) == (3, "")
    assert "PROVED" not in done.stdout
    assert proof["roots"][-1]["root"] in done.stdout
    assert "--root or --ca" in done.stdout.splitlines()[-1]


async def test_the_root_that_vouches_is_the_one_that_is_told(sealed: Pool, check: Checker) -> None:
    """Roots behind the one that is known follow from it, and are known by nobody."""
    proof = await prove(sealed, "1")
    _, second, third = (root["root"] for root in proof["roots"])
    said = check(proof, "--root", second).stdout.splitlines()[-1]
    assert said == f"PROVED, chained to the root of 2026-11-03: {second}"
    assert third not in said


async def test_a_proof_leads_to_the_root_that_is_asked_for(
    sealed: Pool, check: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = await prove(sealed, URL, MONDAY)
    assert [root["day"] for root in proof["roots"]] == ["2026-11-02"]
    assert (kinds(proof), len(proof["unsealed"])) == (["file", "record", "snapshot"], 2)
    root = proof["roots"][-1]["root"]
    assert check(proof, "page.html", "file.pdf", "--root", root).returncode == 0
    friday = THURSDAY + dt.timedelta(days=1)
    noon = dt.datetime.combine(friday, dt.time(12), SHANGHAI)
    monkeypatch.setattr("scraper.archive.proof.proving.now", lambda: noon)
    with pytest.raises(
        UsageError, match=r"2026-11-05 has no root yet.*the last is that of 2026-11-04"
    ):
        await prove(sealed, "1", THURSDAY)
    with pytest.raises(UsageError, match=r"2026-11-06 is not over.*the last is that of 2026-11-04"):
        await prove(sealed, "1", friday)
    with pytest.raises(
        UsageError,
        match=r"2026-11-01 has no root of its own: the first, that of 2026-11-02, covers",
    ):
        await prove(sealed, "1", MONDAY.replace(day=1))


async def test_a_page_or_file_is_proved_by_its_digest(sealed: Pool, check: Checker) -> None:
    for body, name in ((PAGE, "page.html"), (FILE, "file.pdf")):
        proof = await prove(sealed, f"sha256:{hashlib.sha256(body).hexdigest()}")
        assert len(proof["leaves"]) == 1
        assert check(proof, name, "--root", proof["roots"][-1]["root"]).returncode == 0
    with pytest.raises(UsageError, match="is stored, nor was one sealed"):
        await prove(sealed, "sha256:" + "00" * 32)
    with pytest.raises(UsageError, match="is no SHA-256"):
        await prove(sealed, "sha256:00")


async def test_a_page_that_is_stored_and_not_sealed_yet_is_said_to_be_so(
    sealed: Pool, archive: Archive, observe: MakeObservation
) -> None:
    await archive.store(observe("https://qingchuan.example/9.html", body=b"today", paragraphs=("丁" * 90,)))  # fmt: skip
    with pytest.raises(UsageError, match="is in no root up to 2026-11-04"):
        await prove(sealed, f"sha256:{hashlib.sha256(b'today').hexdigest()}")


async def test_what_was_erased_stays_proved_and_so_does_its_erasing(
    sealed: Pool, check: Checker
) -> None:
    before = await prove(sealed, "1")
    await erase(sealed, await named(sealed, "1"), "法院裁定（2024）1号")
    root = ("--root", before["roots"][-1]["root"])
    assert check(before, "page.html", "file.pdf", *root).returncode == 0
    sealed_before = [each["leaf"] for each in before["leaves"]]
    after = await prove(sealed, "1")
    assert [each["leaf"] for each in after["leaves"]] == sealed_before
    assert {each["value"] for each in after["leaves"]} == {None}
    assert len(after["unsealed"]) == 2  # tombstones of the publication and of its file
    assert check(after, "page.html", "file.pdf", *root).returncode == 0
    await archived_on(sealed, THURSDAY)
    await seal(sealed, THURSDAY.replace(day=6))
    later = await prove(sealed, "1")
    assert kinds(later)[-2:] == ["tombstone", "tombstone"]
    assert check(later, "--root", later["roots"][-1]["root"]).returncode == 0
    stone = leaf(later, "tombstone")
    assert json.loads(stone["value"])["reason"] == "法院裁定（2024）1号"
    stone["value"] = stone["value"].replace("1号", "2号")
    assert check(later).returncode == 1


async def test_a_forged_text_is_not_proved_nor_handed_out(sealed: Pool) -> None:
    await tamper(sealed, "UPDATE tonggao.revision SET body = body || '。' WHERE revision_id = 1")
    with pytest.raises(Altered, match=r"record of tonggao\.revision 1"):
        await prove(sealed, "1")


async def test_a_text_forged_with_its_digest_is_not_proved_either(sealed: Pool) -> None:
    await tamper(
        sealed,
        "UPDATE tonggao.revision v SET record_digest = o.record_digest FROM tonggao.revision o"
        " WHERE v.revision_id = 1 AND o.revision_id = 2",
    )
    with pytest.raises(Altered, match="leaf of the root of 2026-11-02"):
        await prove(sealed, "1")


async def test_a_leaf_of_a_large_root_is_proved_by_its_block(
    archive: Archive,
    pool: Pool,
    observe: MakeObservation,
    check: Checker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proof_rows, "READ", 1000)
    await archive.store(observe(URL, body=PAGE))
    await tamper(
        pool,
        "INSERT INTO tonggao.content (digest, size, bytes) SELECT sha256(n::text::bytea), 1, 'x'"
        " FROM generate_series(1, %s) AS n",
        2 * BLOCK + 300,
    )
    await archived_on(pool, MONDAY)
    [root] = await seal(pool, TUESDAY)
    assert root.leaves == 2 * BLOCK + 302
    for name in ("1", *(f"sha256:{hashlib.sha256(str(n).encode()).hexdigest()}" for n in (1, 77, 2300))):  # fmt: skip
        assert check(await prove(pool, name), "--root", root.root.hex()).returncode == 0
    lines = [line async for line in lines_of_day(pool, MONDAY)]
    assert len(lines) == root.leaves == len(set(lines))


async def test_what_is_not_sealed_yet_is_said_to_be_so(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    await archive.store(observe(URL))
    with pytest.raises(UsageError, match="no day is sealed yet"):
        await prove(pool, "1")
    await archived_on(pool, TUESDAY)
    assert await seal(pool, TUESDAY) == []
    await seal(pool, WEDNESDAY)
    assert [root.day for root in await roots(pool)] == [TUESDAY]
    await archive.store(observe("https://qingchuan.example/2.html", title="另一", paragraphs=("乙" * 90,)))  # fmt: skip
    with pytest.raises(UsageError, match="is in no root up to 2026-11-03"):
        await prove(pool, "2")
