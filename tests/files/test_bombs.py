"""Files made to burst their reader: each is refused, and says by which name."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator

import pytest
import rarfile

from scraper.errors import FileTooLarge
from scraper.files import FileLimits, read_file
from scraper.refusal import Refusal
from tests.files.making.ofd import Page, ofd
from tests.files.making.office import docx, p, packed

_LAUGHS = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
LAUGHS = _LAUGHS + "]><a>&j;</a>"
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    "<sheetData>{}</sheetData></worksheet>"
)


def _xlsx(sheet: str, **parts: str) -> bytes:
    import openpyxl

    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    with zipfile.ZipFile(out) as made:
        content = {each: made.read(each) for each in made.namelist()}
    content["xl/worksheets/sheet1.xml"] = sheet.encode()
    content |= {name: each.encode() for name, each in parts.items()}
    return packed(content)  # type: ignore[arg-type]


def _nested(levels: int) -> bytes:
    data = packed({"a.txt": b"deep"})
    for _ in range(levels):
        data = packed({"a.zip": data})
    return data


def _overlapping() -> bytes:
    """One packed kernel that a thousand entries of the table name (a bomb without nesting)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a", bytes(900_000))
        first = made.infolist()[0]
        for n in range(1000):
            twin = zipfile.ZipInfo(f"{n}")
            for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(twin, name, getattr(first, name))
            made.filelist.append(twin)
    return out.getvalue()


def _tar_of(size: int, count: int = 1) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for n in range(count):
            info = tarfile.TarInfo(f"{n}.txt")
            info.size = size
            made.addfile(info, io.BytesIO(bytes(size)))
    return out.getvalue()


def _bombs() -> Iterator[tuple[str, Callable[[], bytes], Refusal]]:
    zeros = bytes(80 << 20)
    deep = "<a>" * 5000 + "</a>" * 5000
    yield "zip of zeros", lambda: packed({"a.txt": zeros}), Refusal.EXPANDS
    yield "zip at a rate", lambda: packed({"a.txt": bytes(20 << 20)}), Refusal.EXPANDS
    yield "zip in zip", lambda: packed({"a.zip": packed({"a.txt": zeros})}), Refusal.EXPANDS
    yield "zips without end", lambda: _nested(12), Refusal.TOO_DEEP
    yield "entries that overlap", _overlapping, Refusal.EXPANDS
    yield (
        "six thousand members",
        lambda: packed({f"{n}": b"" for n in range(6000)}),
        Refusal.TOO_MANY_MEMBERS,
    )
    yield "gzip of zeros", lambda: gzip.compress(zeros), Refusal.EXPANDS
    yield "tar in gzip", lambda: gzip.compress(_tar_of(70 << 20)), Refusal.EXPANDS
    yield "tar of many", lambda: _tar_of(0, 6000), Refusal.TOO_MANY_MEMBERS
    yield "docx of zeros", lambda: packed({"word/document.xml": zeros}), Refusal.EXPANDS
    yield "docx that laughs", lambda: packed({"word/document.xml": LAUGHS}), Refusal.ENTITIES
    yield (
        "docx that laughs in UTF-16",
        lambda: packed({"word/document.xml": LAUGHS.encode("utf-16")}),
        Refusal.ENTITIES,
    )
    yield "docx that nests", lambda: docx(deep.replace("a>", "w:sdt>")), Refusal.TOO_DEEP
    yield (
        "docx of 300 tables in tables",
        lambda: docx("<w:tbl><w:tr><w:tc>" * 100 + p("a") + "</w:tc></w:tr></w:tbl>" * 100),
        Refusal.TOO_DEEP,
    )
    yield "xlsx that laughs", lambda: _xlsx(LAUGHS), Refusal.ENTITIES
    yield (
        "xlsx strings that laugh",
        lambda: _xlsx(SHEET.format(""), **{"xl/sharedStrings.xml": LAUGHS}),
        Refusal.ENTITIES,
    )
    yield (
        "xlsx over all its rows and columns",
        lambda: _xlsx(
            SHEET.format(
                "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 3000))
            )
        ),
        Refusal.TOO_MANY_CELLS,
    )
    yield "xlsx at a rate", lambda: _xlsx(SHEET.format("<row/>" * 2_000_000)), Refusal.EXPANDS
    yield "ofd of zeros", lambda: ofd([Page()], extra={"Doc_0/Res/a": zeros}), Refusal.EXPANDS
    yield "ofd that laughs", lambda: packed({"OFD.xml": LAUGHS}), Refusal.ENTITIES
    yield "ofd of pages", lambda: ofd([Page()] * 3100), Refusal.TOO_MANY_PAGES
    yield "rtf that nests", lambda: b"{\\rtf1" + b"{" * 100_000, Refusal.TOO_DEEP
    yield "html that nests", lambda: b"<html><body>" + b"<div>" * 60_000, Refusal.TOO_DEEP


BOMBS = list(_bombs())


@pytest.mark.parametrize(
    ("make", "refusal"), [each[1:] for each in BOMBS], ids=[each[0] for each in BOMBS]
)
def test_a_bomb_is_refused_by_name(make: Callable[[], bytes], refusal: Refusal) -> None:
    limits = FileLimits(members=1000) if refusal is Refusal.TOO_MANY_MEMBERS else FileLimits()
    with pytest.raises(FileTooLarge) as caught:
        read_file(make(), limits=limits)
    assert caught.value.refusal is refusal


@pytest.mark.parametrize(
    "member",
    [
        lambda: packed({"word/document.xml": b"no XML" * 100_000}),
        lambda: _xlsx(SHEET.format("<row/>" * 100_000)),
    ],
    ids=["documents that cannot be read", "workbooks"],
)
def test_all_that_members_unpack_is_counted(member: Callable[[], bytes]) -> None:
    data, limits = member(), FileLimits(unpacked_bytes=1_500_000)
    read_file(packed({"a.zip": data, "b.zip": data}), limits=limits)
    with pytest.raises(FileTooLarge) as caught:
        read_file(packed({f"{n}": data for n in range(4)}), limits=limits)
    assert caught.value.refusal is Refusal.EXPANDS


def test_a_rar_files_bomb_refuses_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Packed:
        def __init__(self, _: object) -> None: ...

        def infolist(self) -> list[rarfile.RarInfo]:
            member = rarfile.RarInfo()
            member.filename, member.compress_type, member.flags = "a.zip", rarfile.RAR_M0, 0
            member.file_size = 1
            return [member]

        def needs_password(self) -> bool:
            return False

        def read(self, _: object) -> bytes:
            return packed({"a.txt": bytes(20 << 20)})

    monkeypatch.setattr(rarfile, "RarFile", Packed)
    with pytest.raises(FileTooLarge) as caught:
        read_file(b"Rar!\x1a\x07\x01\x00")
    assert caught.value.refusal is Refusal.EXPANDS


def test_a_sheet_that_claims_to_be_vast_is_read_by_what_it_holds() -> None:
    one = _xlsx(SHEET.format('<row r="1048576"><c r="A1048576"><v>7</v></c></row>'))
    assert read_file(one).text == "7"
