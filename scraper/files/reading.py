"""A file's bytes in, what it says out."""

from __future__ import annotations

from collections.abc import Callable

from scraper.errors import FileDamaged, FileEncrypted, FileTooLarge, FileUnsupported
from scraper.files.kinds import FileKind, kind_of
from scraper.files.limits import LIMITS, FileLimits
from scraper.files.model import FileText
from scraper.files.pdf.reading import read_pdf
from scraper.files.plain import read_html, read_rtf, read_text

Reader = Callable[[bytes, FileLimits], FileText]

_READERS: dict[FileKind, Reader] = {
    FileKind.HTML: read_html,
    FileKind.PDF: read_pdf,
    FileKind.RTF: read_rtf,
    FileKind.TEXT: read_text,
}


def read_file(
    data: bytes,
    *,
    name: str | None = None,
    media_type: str | None = None,
    limits: FileLimits = LIMITS,
) -> FileText:
    """Read a file's text. Pure, and to be run where a crash costs little: `readers.FilePool`.

    Formats that only a program of the machine reads (.doc, .wps, .ppt) are not read here.

    Args:
        data: the file as it came.
        name: its name where known; see `kind_of`.
        media_type: the Content-Type of the answer.
        limits: what it may cost.

    Raises:
        FileEncrypted: a password stands before it.
        FileDamaged: it is empty, cut short, or breaks its format's rules.
        FileTooLarge: it exceeds one of the limits; ``refusal`` says which.
        FileUnsupported: nothing here reads its kind.
    """
    called = name or "the file"
    if not data:
        raise FileDamaged(f"{called} is empty: fetch it again later")
    if len(data) > limits.file_bytes:
        raise FileTooLarge(f"{called} has {len(data)} bytes, more than {limits.file_bytes}")
    kind = kind_of(data, name=name, media_type=media_type)
    if kind is FileKind.ENCRYPTED_OFFICE:
        raise FileEncrypted(f"{called} is encrypted: ask its publisher for one that is not")
    reader = _READERS.get(kind)
    if reader is None:
        raise FileUnsupported(f"{called} is of kind {kind.value}, which nothing here reads")
    return reader(data, limits)
