"""Programs of the machine: asked where they are, bounded, ended with all they started."""

from __future__ import annotations

import os
import select
import stat
from pathlib import Path

import pytest

from scraper.errors import FileDamaged, FileEncrypted, FileReaderCrashed, FileUnsupported
from scraper.files import FileKind, FileLimits, Programs, programs, read_file
from scraper.files.allowance import Allowance
from scraper.refusal import Refusal
from tests.files.making.office import packed

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.fixture
def script(tmp_path: Path):
    """Writes a program of a few lines of shell, under a name that is asked for."""

    def write(name: str, lines: str) -> tuple[str, str]:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{lines}\n", "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return name, str(path)

    return write


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(FileUnsupported, match="antiword or catdoc or LibreOffice") as caught:
        read_file(OLE, name="a.wps", run=Programs().run)
    assert caught.value.refusal is Refusal.NO_PROGRAM


def test_the_file_is_given_in_memory_and_what_is_said_is_kept(script) -> None:
    # od tells the first bytes of what it was given: the file itself, under no name of a disk.
    lines = 'for last; do :; done\necho "$last" | grep -q ^/proc/ && od -An -tx1 -N4 "$last"\necho "|甲 |乙 |"'
    found = read_file(OLE, name="a.wps", run=Programs((script("antiword", lines),)).run)
    assert found.kind is FileKind.WPS
    assert found.text == "d0 cf 11 e0\n甲\t乙"
    assert found.reader == "antiword"


def test_bars_and_marks_are_antiwords_only_where_antiword_wrote_them(script) -> None:
    catdoc = Programs((script("catdoc", "echo '|甲 |乙 |[pic]'"),))
    assert read_file(OLE, name="a.wps", run=catdoc.run).text == "|甲 |乙 |[pic]"


def test_texts_of_programs_count_into_those_of_their_archive(script) -> None:
    catdoc = Programs((script("catdoc", "echo abcdef"),))
    data = packed({"1.wps": OLE, "2.wps": OLE})
    found = read_file(data, limits=FileLimits(characters=8), run=catdoc.run)
    assert found.text == "abcdef\nab"


def test_where_one_fails_the_next_is_asked(script) -> None:
    both = Programs((script("antiword", "exit 1"), script("catdoc", "echo 正文")))
    assert read_file(OLE, name="a.wps", run=both.run).reader == "catdoc"
    with pytest.raises(FileDamaged, match="no Word document"):
        read_file(
            OLE,
            name="a.wps",
            run=Programs((script("catdoc", "echo no Word document >&2; exit 1"),)).run,
        )


def test_what_is_encrypted_is_named_so(script) -> None:
    says = "echo 'Encrypted documents are not supported' >&2; exit 1"
    with pytest.raises(FileEncrypted):
        read_file(OLE, name="a.wps", run=Programs((script("antiword", says),)).run)


def test_a_program_that_hangs_or_floods_is_ended_with_its_children(
    script, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(programs, "_SECONDS", 0.5)
    note = tmp_path / "child"
    hangs = script("catdoc", f"(echo $$; exec sleep 600) & echo $! > {note}\nsleep 600")
    with pytest.raises(FileReaderCrashed) as slow:
        read_file(OLE, name="a.wps", run=Programs((hangs,)).run)
    assert slow.value.refusal is Refusal.TOO_SLOW
    assert _is_gone(int(note.read_text()))
    monkeypatch.setattr(programs, "_SECONDS", 15.0)
    monkeypatch.setattr(programs, "_MOST_BYTES", 100_000)
    with pytest.raises(FileReaderCrashed) as flood:
        read_file(OLE, name="a.wps", run=Programs((script("catdoc", "yes"),)).run)
    assert flood.value.refusal is Refusal.EXPANDS


def _is_gone(pid: int) -> bool:
    """Whether it ends: SIGKILL is sent, and a process that is no child of ours dies a moment later."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 10)[0])
    finally:
        os.close(process)


def test_office_is_off_unless_asked_for_and_cut_off_from_the_network(
    script, tmp_path: Path
) -> None:
    assert Programs.found().office is None
    if programs._alone() is None:
        pytest.skip("this machine has no user namespaces")
    # Stands in for LibreOffice: says which interfaces it sees, and what its profile says of macros.
    says = (
        "for each; do last=$each; done\n"
        f"ls /sys/class/net > /dev/null; tail -n +3 /proc/net/dev | grep -v lo: > {tmp_path}/net\n"
        f"pwd > {tmp_path}/folder\n"
        f"cat profile/user/registrymodifications.xcu > {tmp_path}/profile\n"
        'echo 正文 > "${last%.*}.txt"'
    )
    _, office = script("soffice", says)
    found = Programs(office=office).run(FileKind.PPT, OLE, Allowance.of())
    assert (found.text, found.reader) == ("正文", "LibreOffice")
    assert (tmp_path / "net").read_text() == ""
    assert "DisableMacrosExecution" in (tmp_path / "profile").read_text("utf-8")
    assert not Path((tmp_path / "folder").read_text().strip()).exists()
