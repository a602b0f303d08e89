"""Packed files: listed, their members read, nothing on a disk."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest

from scraper.archive.observations.file_readings import readings_of
from scraper.errors import FileDamaged, FileEncrypted
from scraper.files import FileKind, FileLimits, read_file
from scraper.refusal import Refusal
from tests.files.making.office import docx, p, packed

NOTE = "防汛物资清单。".encode("gbk")


def test_members_are_read_in_their_order_under_names_that_are_only_shown() -> None:
    data = packed(
        {
            "../../etc/passwd": b"root of all",
            "附件/1.docx": docx(p("附件一")),
            "附件/2.txt": NOTE,
            "__MACOSX/._2.txt": b"x",
            "照片.jpg": b"\xff\xd8\xff",
            "程序.exe": b"MZ\x00\x01",
            "说明.wps": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
            "内包.zip": packed({"深.txt": "深处的文字".encode()}),
        }
    )
    found = read_file(data)
    assert [(each.name, each.refusal) for each in found.members] == [
        ("../../etc/passwd", None),
        ("附件/1.docx", None),
        ("附件/2.txt", None),
        ("照片.jpg", None),
        ("程序.exe", Refusal.NO_READER),
        ("说明.wps", Refusal.NO_PROGRAM),
        ("内包.zip", None),
    ]
    assert found.text == "root of all\n附件一\n防汛物资清单。\n深处的文字"


def test_names_in_gbk_are_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("NAME.txt", NOTE)
    data = out.getvalue().replace(b"NAME.txt", "附件".encode("gbk") + b".txt")
    assert [each.name for each in read_file(data).members] == ["附件.txt"]


def test_a_member_with_a_password_is_named_and_an_archive_of_such_too() -> None:
    plain = packed({"a.txt": b"abc", "b.txt": b"open"}, zipfile.ZIP_STORED)
    flags = bytearray(plain)
    for start in (plain.index(b"PK\x03\x04") + 6, plain.index(b"PK\x01\x02") + 8):
        flags[start] |= 1
    assert [each.refusal for each in read_file(bytes(flags)).members] == [Refusal.ENCRYPTED, None]
    alone = bytearray(packed({"a.txt": b"abc"}))
    for start in (alone.index(b"PK\x03\x04") + 6, alone.index(b"PK\x01\x02") + 8):
        alone[start] |= 1
    with pytest.raises(FileEncrypted):
        read_file(bytes(alone))


def test_a_damaged_member_is_named_and_the_others_are_read() -> None:
    data = packed({"a.txt": b"abc", "b.txt": b"open"}, zipfile.ZIP_STORED)
    found = read_file(data.replace(b"abc", b"abd"))
    assert [(each.name, each.refusal) for each in found.members] == [
        ("a.txt", Refusal.DAMAGED),
        ("b.txt", None),
    ]
    assert found.text == "open"


def test_tar_and_gzip() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name in ("a.txt", "/abs.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(NOTE)
            made.addfile(info, io.BytesIO(NOTE))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
    for data in (out.getvalue(), gzip.compress(out.getvalue())):
        found = read_file(data)
        assert found.kind is FileKind.TAR
        assert [(each.name, each.text.text) for each in found.members] == [
            ("a.txt", "防汛物资清单。"),
            ("/abs.txt", "防汛物资清单。"),
        ]
    assert read_file(gzip.compress(NOTE)).text == "防汛物资清单。"
    with pytest.raises(FileDamaged):
        read_file(gzip.compress(NOTE)[:-9])
    with pytest.raises(FileDamaged):
        read_file(packed({"a.txt": NOTE})[:-30])


def test_an_archive_of_which_a_file_was_not_read_is_not_complete() -> None:
    assert read_file(packed({"通知.txt": "防汛".encode()})).complete
    found = read_file(packed({"通知.txt": "防汛".encode(), "a.bin": bytes(range(256))}))
    assert not found.complete
    (reading,) = readings_of(found)
    assert (reading.state, reading.complete) == ("read", False)
    assert reading.detail == "not read in it: a.bin (no_reader)"
    cut = read_file(packed({"a.txt": b"abcdef"}), limits=FileLimits(characters=4))
    assert (cut.text, cut.complete) == ("abcd", False)
