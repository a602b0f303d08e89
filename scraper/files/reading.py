"""A file's bytes in, what it says out."""

from __future__ import annotations

from collections.abc import Callable

from scraper.errors import FileDamaged, FileEncrypted, FileError, FileTooLarge, FileUnsupported
from scraper.files import archives, plain
from scraper.files.allowance import Allowance, RunProgram, no_program
from scraper.files.kinds import ARCHIVES, FileKind, kind_of
from scraper.files.limits import LIMITS, FileLimits
from scraper.files.model import FileMember, FilePart, FileText
from scraper.files.ofd.reading import read_ofd
from scraper.files.office.docx import read_docx
from scraper.files.office.markup import read_xml
from scraper.files.office.pptx import read_pptx
from scraper.files.office.xls import read_xls
from scraper.files.office.xlsx import read_xlsx
from scraper.files.pdf.reading import read_pdf
from scraper.refusal import Refusal

Reader = Callable[[bytes, Allowance], FileText]

_READERS: dict[FileKind, Reader] = {
    FileKind.PDF: read_pdf,
    FileKind.DOCX: read_docx,
    FileKind.XLSX: read_xlsx,
    FileKind.PPTX: read_pptx,
    FileKind.XLS: read_xls,
    FileKind.OFD: read_ofd,
    FileKind.MHTML: plain.read_mhtml,
    FileKind.XML: read_xml,
    FileKind.RTF: plain.read_rtf,
    FileKind.ZIP: archives.read_zip,
    FileKind.TAR: archives.read_tar,
    FileKind.GZIP: archives.read_gzip,
    FileKind.RAR: archives.read_rar,
}
_IN_CHARSET = {FileKind.HTML: plain.read_html, FileKind.TEXT: plain.read_text}
"""Kinds whose bytes mean what an encoding says, which somebody else may know."""
_BY_PROGRAM = frozenset({FileKind.DOC, FileKind.WPS, FileKind.PPT, FileKind.ODT})


def read_file(
    data: bytes,
    *,
    name: str | None = None,
    media_type: str | None = None,
    charset: str | None = None,
    limits: FileLimits = LIMITS,
    run: RunProgram = no_program,
) -> FileText:
    """Read a file's text. To be run where a crash costs little: see `readers.FilePool`.

    A function of its arguments, unless ``run`` is one that starts programs.

    Args:
        data: the file as it came.
        name: its name where known; see `kind_of`.
        media_type: the Content-Type of the answer.
        charset: the encoding that Content-Type names; a claim that the bytes may refute.
        limits: what it, and all that is inside it, may cost.
        run: reads a kind that only programs of the machine know (.doc, .wps, .ppt, .odt).

    Raises:
        FileEncrypted: a password stands before it.
        FileDamaged: it is empty, cut short, or breaks its format's rules.
        FileTooLarge: it exceeds one of the limits; ``refusal`` says which.
        FileUnsupported: nothing here reads its kind; ``refusal`` says what is missing.
    """
    allowance = Allowance.of(limits)
    allowance.read_member, allowance.run = _member, run
    return _read(data, name, media_type, allowance, charset)


def _read(
    data: bytes,
    name: str | None,
    media_type: str | None,
    allowance: Allowance,
    charset: str | None = None,
) -> FileText:
    called = name or "the file"
    if not data:
        raise FileDamaged(f"{called} is empty: fetch it again later")
    if len(data) > allowance.limits.file_bytes:
        raise FileTooLarge(f"{called} has {len(data)} bytes, which is more than is read")
    kind = kind_of(data, name=name, media_type=media_type)
    if kind is FileKind.ENCRYPTED_OFFICE:
        raise FileEncrypted(f"{called} opens with a password only")
    if kind is FileKind.PICTURE:
        return FileText(kind, (FilePart("", pictured=True),))
    if kind in _BY_PROGRAM:
        return allowance.run(kind, data, allowance)
    if kind in _IN_CHARSET:
        return _IN_CHARSET[kind](data, allowance, charset)
    reader = _READERS.get(kind)
    if reader is None:
        raise FileUnsupported(f"{called} is of kind {kind.value}, which nothing here reads")
    return reader(data, allowance)


def _member(name: str, data: bytes, allowance: Allowance) -> FileMember:
    """A file inside a file; what refuses it refuses it alone, but for bombs.

    What was unpacked of it is spent, whether it could be read or not.
    """
    inner = kind_of(data, name=name) in ARCHIVES
    if inner and allowance.depth <= 1:
        raise FileTooLarge("archives in archives without end", Refusal.TOO_DEEP)
    allowance.depth -= inner
    try:
        text = _read(data, name, None, allowance)
    except FileError as error:
        if error.refusal in {Refusal.EXPANDS, Refusal.TOO_DEEP, Refusal.TOO_MANY_MEMBERS}:
            raise
        return FileMember(name, len(data), refusal=error.refusal)
    finally:
        allowance.depth += inner
    return FileMember(name, len(data), text)
