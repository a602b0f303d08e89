"""Formats that only programs of the machine read: .doc and .wps, .ppt, .odt.

They are called where they are installed, and never bundled. antiword and catdoc get the file in
memory. LibreOffice is used only where it is allowed: with a profile of its own that runs no macro,
without a network, in a process tree that ends with its reader.
"""

from __future__ import annotations

import ctypes
import os
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from scraper.errors import FileDamaged, FileEncrypted, FileReaderCrashed, FileUnsupported
from scraper.files.allowance import Allowance
from scraper.files.kinds import FileKind
from scraper.files.model import FilePart, FileText
from scraper.files.office.docx import read_docx
from scraper.files.wording import told
from scraper.refusal import Refusal

_SECONDS = 15.0
_MOST_BYTES = 32 << 20
_SMALL_MEMORY, _OFFICE_MEMORY = 512 << 20, 3 << 30
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_ENCRYPTED = (b"encrypt", b"password")
_WORDS = {
    FileKind.DOC: ("antiword", "catdoc"),
    FileKind.WPS: ("antiword", "catdoc"),
    FileKind.PPT: ("catppt",),
}
_ARGUMENTS = {
    "antiword": ("-m", "UTF-8.txt", "-w", "0"),
    "catdoc": ("-d", "utf-8", "-w"),
    "catppt": ("-d", "utf-8"),
}
_OFFICE_TO = {FileKind.PPT: "txt:Text"}
_NO_MACROS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True, slots=True)
class Programs:
    """Which programs may be used.

    Attributes:
        paths: programs that were found, by name.
        office: LibreOffice, if it may be used; None otherwise.
    """

    paths: tuple[tuple[str, str], ...] = ()
    office: str | None = None

    @classmethod
    def found(cls, *, libreoffice: bool = False) -> Programs:
        """The programs of this machine; LibreOffice only if it is asked for."""
        names = sorted({name for each in _WORDS.values() for name in each})
        paths = tuple((name, path) for name in names if (path := shutil.which(name)))
        office = shutil.which("soffice") or shutil.which("libreoffice")
        return cls(paths, office if libreoffice else None)

    def run(self, kind: FileKind, data: bytes, allowance: Allowance) -> FileText:
        """Read a file by the first program that can.

        Args:
            kind: its format.
            data: the file.
            allowance: what it may still cost; its text is cut there.

        Raises:
            FileUnsupported: none of the programs that could is here, or allowed (``NO_PROGRAM``).
            FileEncrypted, FileDamaged: what the programs say of it.
            FileReaderCrashed: the last of them took too long or too much.
        """
        here = dict(self.paths)
        usable = [name for name in _WORDS.get(kind, ()) if name in here]
        failure: Exception | None = None
        for name in usable:
            try:
                output = _asked(here[name], _ARGUMENTS[name], data)
                return _text(kind, name, output, allowance)
            except (FileDamaged, FileReaderCrashed) as error:
                failure = error
        if self.office is not None:
            return _by_office(self.office, kind, data, allowance)
        if failure is not None:
            raise failure
        wanted = " or ".join(
            [*_WORDS.get(kind, ()), "LibreOffice (allowed by the setting `libreoffice`)"]
        )
        raise FileUnsupported(f"a .{kind.value} file needs {wanted}", Refusal.NO_PROGRAM)


def _text(kind: FileKind, name: str, output: bytes, allowance: Allowance) -> FileText:
    lines = output.decode("utf-8", "replace")
    if name == "antiword":
        lines = _rows(lines.replace("[pic]", ""))
    if not lines.strip():
        raise FileDamaged(f"{name} finds no text in this .{kind.value} file")
    found = told(kind, [FilePart(lines)], allowance)
    return replace(found, reader=name)


def _rows(text: str) -> str:
    """Antiword's tables (|a |b |) as rows with tabs; bars of other programs are the document's."""
    rows = []
    for line in text.split("\n"):
        row = line.strip()
        if row.startswith("|") and row.endswith("|") and len(row) > 1:
            rows.append("\t".join(cell.strip() for cell in row[1:-1].split("|")).rstrip("\t"))
        else:
            rows.append(line)
    return "\n".join(rows)


def _asked(program: str, arguments: Sequence[str], data: bytes) -> bytes:
    """What a program says of a file that lies in memory only."""
    with _in_memory(data) as (path, descriptor):
        command = [program, *arguments, path]
        code, output, complaint = _run(
            command, memory=_SMALL_MEMORY, seconds=_SECONDS, keep=(descriptor,)
        )
    if code == 0 and output.strip():
        return output
    if any(word in complaint.lower() for word in _ENCRYPTED):
        raise FileEncrypted("a document that opens with a password only")
    said = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
    raise FileDamaged(f"{Path(program).name} cannot read it: {said or f'exit status {code}'}")


@contextmanager
def _in_memory(data: bytes) -> Iterator[tuple[str, int]]:
    """A path to bytes that never touch a disk."""
    descriptor = os.memfd_create("document")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as memory:
            memory.write(data)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield f"/proc/self/fd/{descriptor}", descriptor
    finally:
        os.close(descriptor)


def _run(
    command: Sequence[str],
    *,
    memory: int,
    seconds: float,
    keep: tuple[int, ...] = (),
    folder: str | None = None,
) -> tuple[int, bytes, bytes]:
    """Run a program within bounds: exit status, what it says, what it complains of.

    Raises:
        FileReaderCrashed: it took too long, or said too much.
    """
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "HOME": folder or "/nonexistent",
    }
    process = subprocess.Popen(  # noqa: S603 - paths that were found, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=keep,
        env=environment,
        cwd=folder,
        start_new_session=True,
        preexec_fn=lambda: _bound(memory, seconds),  # noqa: PLW1509 - this process has one thread
    )
    try:
        output, complaint = _heard(process, time.monotonic() + seconds)
        return process.wait(), output, complaint
    finally:
        _end(process)


def _bound(memory: int, seconds: float) -> None:
    """In the child: die with the reader, and within its memory and time."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))


def _heard(process: subprocess.Popen[bytes], until: float) -> tuple[bytes, bytes]:
    """All that a program says until it closes both pipes, within the limits."""
    said: dict[int, bytearray] = {}
    with selectors.DefaultSelector() as pipes:
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                said[pipe.fileno()] = bytearray()
                pipes.register(pipe, selectors.EVENT_READ)
        while pipes.get_map():
            ready = pipes.select(max(0.0, until - time.monotonic()))
            if not ready:
                raise FileReaderCrashed("a program took too long on it", Refusal.TOO_SLOW)
            for key, _ in ready:
                piece = os.read(key.fd, 1 << 16)
                said[key.fd] += piece
                if not piece:
                    pipes.unregister(key.fileobj)
            if sum(map(len, said.values())) > _MOST_BYTES:
                raise FileReaderCrashed("a program says too much of it", Refusal.EXPANDS)
    output, complaint = (bytes(each) for each in said.values())
    return output, complaint


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    process.wait()


@cache
def _alone() -> tuple[str, ...] | None:
    """What runs a command without a network, its children ending with it; None if nothing can."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    command = (unshare, "--map-root-user", "--net", "--pid", "--fork", "--kill-child")
    trial = [*command, sys.executable, "-c", ""]
    tried = subprocess.run(trial, capture_output=True, check=False)  # noqa: S603 - our own words
    return command if tried.returncode == 0 else None


def _by_office(office: str, kind: FileKind, data: bytes, allowance: Allowance) -> FileText:
    """Have LibreOffice turn a document into .docx (slides into text), and read that.

    The file lies in a folder of its own under our name, and is gone afterwards.
    """
    alone = _alone()
    if alone is None:
        raise FileUnsupported(
            "LibreOffice may be used, but this machine cannot keep it from the network "
            "(unshare with user namespaces)",
            Refusal.NO_PROGRAM,
        )
    with tempfile.TemporaryDirectory(prefix="tonggao-") as folder:
        profile = Path(folder, "profile", "user")
        profile.mkdir(parents=True)
        Path(profile, "registrymodifications.xcu").write_text(_NO_MACROS, "utf-8")
        source = Path(folder, f"document.{'doc' if kind is FileKind.WPS else kind.value}")
        source.write_bytes(data)
        form = _OFFICE_TO.get(kind, "docx:MS Word 2007 XML")
        command = [
            *alone, office, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--headless", "--norestore", "--nolockcheck", "--nodefault",
            "--convert-to", form, "--outdir", folder, str(source),
        ]  # fmt: skip
        _run(command, memory=_OFFICE_MEMORY, seconds=_SECONDS, folder=folder)
        made = source.with_suffix("." + form.partition(":")[0])
        if not made.exists() or made.stat().st_size > _MOST_BYTES:
            raise FileDamaged(f"LibreOffice cannot read this .{kind.value} file")
        content = made.read_bytes()
    if made.suffix == ".txt":
        return _text(kind, "LibreOffice", content, allowance)
    return replace(read_docx(content, allowance), kind=kind, reader="LibreOffice")
