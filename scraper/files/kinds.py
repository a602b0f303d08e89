"""Which format a file has: by its bytes; name and type decide only among what bytes cannot tell."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum


class FileKind(StrEnum):
    """A format of files; the word is stored."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    OFD = "ofd"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    WPS = "wps"
    """WPS Writer's own format; since 2005 a Word 97 document under another name."""
    RTF = "rtf"
    ODT = "odt"
    TEXT = "text"
    HTML = "html"
    XML = "xml"
    """Markup of a program; of some Office programs a whole document (Word 2003, Excel 2003)."""
    MHTML = "mhtml"
    ZIP = "zip"
    TAR = "tar"
    SEVEN_ZIP = "7z"
    RAR = "rar"
    GZIP = "gzip"
    PICTURE = "picture"
    ENCRYPTED_OFFICE = "encrypted_office"
    """An OOXML file inside a container that holds it encrypted."""
    UNKNOWN = "unknown"


ARCHIVES = frozenset({FileKind.ZIP, FileKind.TAR, FileKind.SEVEN_ZIP, FileKind.RAR, FileKind.GZIP})
"""Kinds that are read for the files in them."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SIGNS: tuple[tuple[int, bytes, FileKind], ...] = (
    (0, b"{\\rtf", FileKind.RTF),
    (0, b"7z\xbc\xaf\x27\x1c", FileKind.SEVEN_ZIP),
    (0, b"Rar!\x1a\x07", FileKind.RAR),
    (0, b"\x1f\x8b\x08", FileKind.GZIP),
    (0, b"\x89PNG\r\n\x1a\n", FileKind.PICTURE),
    (0, b"\xff\xd8\xff", FileKind.PICTURE),
    (0, b"GIF8", FileKind.PICTURE),
    (0, b"BM", FileKind.PICTURE),
    (0, b"II*\x00", FileKind.PICTURE),
    (0, b"MM\x00*", FileKind.PICTURE),
    (8, b"WEBP", FileKind.PICTURE),
    (257, b"ustar", FileKind.TAR),
)
"""Bytes at an offset that only one kind has."""
_OLE_STREAMS: tuple[tuple[str, FileKind], ...] = (
    ("EncryptedPackage", FileKind.ENCRYPTED_OFFICE),
    ("WordDocument", FileKind.DOC),
    ("Workbook", FileKind.XLS),
    ("Book", FileKind.XLS),
    ("PowerPoint Document", FileKind.PPT),
)
_SUFFIXES = {
    "doc": FileKind.DOC,
    "wps": FileKind.WPS,
    "xls": FileKind.XLS,
    "et": FileKind.XLS,
    "ppt": FileKind.PPT,
    "dps": FileKind.PPT,
    "htm": FileKind.HTML,
    "html": FileKind.HTML,
    "mht": FileKind.MHTML,
    "mhtml": FileKind.MHTML,
    "txt": FileKind.TEXT,
    "csv": FileKind.TEXT,
    "md": FileKind.TEXT,
}
_TYPES = {
    "text/plain": FileKind.TEXT,
    "text/csv": FileKind.TEXT,
    "text/html": FileKind.HTML,
    "application/xhtml+xml": FileKind.HTML,
    "multipart/related": FileKind.MHTML,
}
_PDF_WITHIN = 1024  # ISO 32000 asks readers to find the header within the first 1024 bytes
_PACKED_NAMES = (
    ("OFD.xml", FileKind.OFD),
    ("word/document.xml", FileKind.DOCX),
    ("xl/workbook.xml", FileKind.XLSX),
    ("ppt/presentation.xml", FileKind.PPTX),
)
_PACKED_FOLDERS = (("word/", FileKind.DOCX), ("xl/", FileKind.XLSX), ("ppt/", FileKind.PPTX))
_END_WITHIN = 22 + 65_535  # the end of a ZIP's table and the longest comment after it
_LARGEST_TABLE = 1 << 20
_ODF = {b"application/vnd.oasis.opendocument.text": FileKind.ODT}


def kind_of(data: bytes, *, name: str | None = None, media_type: str | None = None) -> FileKind:
    """Which format the bytes have.

    Args:
        data: the file.
        name: its name where known; only its suffix is looked at.
        media_type: the Content-Type of the answer, parameters allowed.
    """
    if data[:4] == b"PK\x03\x04" or data[:4] == b"PK\x05\x06":
        return _of_zip(data)
    if data.startswith(_OLE):
        return _of_ole(data, _suffix(name))
    for offset, sign, kind in _SIGNS:
        if data.startswith(sign, offset):
            return kind
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return FileKind.PDF
    return _of_text(data, _suffix(name), media_type)


def _suffix(name: str | None) -> str:
    return (name or "").rpartition(".")[2].strip().lower()


def _of_zip(data: bytes) -> FileKind:
    """Which packed format a ZIP file is; one without a readable table is a ZIP (and damaged)."""
    end = data.rfind(b"PK\x05\x06", -_END_WITHIN)
    if end < 0 or int.from_bytes(data[end + 12 : end + 16], "little") > _LARGEST_TABLE:
        return FileKind.ZIP  # too many members for a document, and for being looked through here
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return FileKind.ZIP
    for member, kind in _PACKED_NAMES:
        if member in names:
            return kind
    if "[Content_Types].xml" in names:  # the main part may have any name
        for folder, kind in _PACKED_FOLDERS:
            if any(each.startswith(folder) for each in names):
                return kind
    for start, kind in _ODF.items():
        if data[30:200].find(start) >= 0:
            return kind
    return FileKind.ZIP


def _of_ole(data: bytes, suffix: str) -> FileKind:
    """Which program's a compound file is, by the names in its directory (UTF-16)."""
    if suffix == "wps":
        return FileKind.WPS
    for name, kind in _OLE_STREAMS:
        if name.encode("utf-16-le") + b"\x00\x00" in data:
            return kind
    return _SUFFIXES.get(suffix, FileKind.UNKNOWN)


def _of_text(data: bytes, suffix: str, media_type: str | None) -> FileKind:
    """What a file without a sign of its own is."""
    head = data[:2048].replace(b"\x00", b"")  # UTF-16 has a zero beside each sign of markup
    head = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith((b"mime-version:", b"from: <saved by")):
        return FileKind.MHTML
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head:
        return FileKind.HTML
    if head.startswith(b"<?xml"):
        return FileKind.XML
    said = _TYPES.get((media_type or "").partition(";")[0].strip().lower())
    kind = _SUFFIXES.get(suffix, said)
    if kind in {FileKind.TEXT, FileKind.HTML, FileKind.MHTML}:
        return kind
    return FileKind.TEXT if _looks_like_text(data[:4096]) else FileKind.UNKNOWN


def _looks_like_text(head: bytes) -> bool:
    """Whether bytes are text of a common encoding: no NUL unless UTF-16 announces itself."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    control = sum(1 for each in head if each < 32 and each not in b"\t\n\r\f")
    return bool(head) and control == 0
