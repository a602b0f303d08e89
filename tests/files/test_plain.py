"""Text, RTF and HTML files, in the encodings that Chinese offices write."""

from __future__ import annotations

import pytest

from scraper.errors import FileDamaged, FileTooLarge, FileUnsupported
from scraper.files import FileKind, FileLimits, kind_of, read_file
from scraper.refusal import Refusal

TEXT = "关于做好防汛工作的通知\n各街道办事处：\n请于6月1日前报送预案。"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16", "gbk"])
def test_text_in_its_encoding(encoding: str) -> None:
    found = read_file(TEXT.replace("\n", "\r\n").encode(encoding), name="通知.txt")
    assert found.kind is FileKind.TEXT
    assert found.text == TEXT


def test_words_html_in_gbk_is_read_as_shown() -> None:
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta http-equiv=Content-Type content="text/html; charset=gb2312"><title>防汛通知</title>'
        "<style><!-- p.MsoNormal {margin:0cm} --></style></head><body lang=ZH-CN>"
        "<div class=Section1><p class=MsoNormal>各街道办事处<span lang=EN-US>:<o:p></o:p></span></p>"
        "<table><tr><td>街道</td><td>户数</td></tr><tr><td>东湖</td><td>12</td></tr></table></div>"
        "</body></html>"
    )
    found = read_file(html.encode("gbk"), name="a.htm")
    assert found.kind is FileKind.HTML
    assert found.text.splitlines() == ["各街道办事处:", "街道\t户数", "东湖\t12"]
    assert found.heading is None  # its <title> is not shown


def test_a_heading_is_one_that_the_page_shows() -> None:
    page = "<title>{}</title><h1 style='display:none'>{}</h1><p>前言</p><h1>{}</h1><h1>{}</h1>"
    html = page.format("未命名文档", "看不见", "关于防汛工作的通知", "附件")
    assert read_file(html.encode(), name="a.html").heading == "关于防汛工作的通知"


@pytest.mark.parametrize("name", ["a.html", "a.txt"])
def test_an_encoding_that_only_the_server_names_is_believed(name: str) -> None:
    """Big5 without a declaration is valid GB 18030, and no sentence."""
    text = "關於防汛工作的通知"
    data = f"<html><body><p>{text}</p></body></html>" if name.endswith("html") else text
    assert read_file(data.encode("big5"), name=name, charset="big5").text == text
    assert read_file(data.encode("utf-8"), name=name, charset="big5").text == text


def test_a_saved_pages_part_is_read_in_the_charset_that_it_names() -> None:
    page = "<html><body><p>關於防汛工作的通知</p></body></html>".encode("big5")
    head = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=big5\r\n\r\n"
    assert read_file(head + page).text == "關於防汛工作的通知"


def test_rtf_in_the_code_page_it_names() -> None:
    written = "".join(f"\\'{each:02x}" for each in "防汛通知".encode("gbk"))
    rtf = rf"{{\rtf1\ansi\ansicpg936\deff0 {{\fonttbl{{\f0 SimSun;}}}}{written}\par \u19996?\u28246? 12}}"
    found = read_file(rtf.encode(), name="a.doc")
    assert found.kind is FileKind.RTF
    assert found.text == "防汛通知\n东湖 12"


def test_rtf_whose_bytes_are_not_escaped() -> None:
    raw = rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}\f0 %s\par ok}"
    assert read_file(raw % "防汛通知".encode("gbk")).text == "防汛通知\nok"


def test_hidden_and_deleted_text_of_rtf_is_not_said_and_footnotes_are() -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg936 a{\deleted \'c9\'be}{\v h{\b i}}\v j\v0 b{\v k\plain c}"
        rb"{\footnote \'d7\'a2{\i d}}e\par f}"
    )
    assert read_file(rtf).text == "abce\nf\n注d"
    spelt = (
        rb"{\rtf1\ansi\ansicpg936 a{\v \u20445 ?\u23494 ?}{\deleted \u-26449 ?}\u20844 ?\u24320 ?}"
    )
    assert read_file(spelt).text == "a公开"


def test_an_rtf_tables_cells_are_parted_by_tabs() -> None:
    rtf = rb"{\rtf1\ansi\trowd\intbl a\cell b\cell\row\trowd\intbl 1\cell 2\cell\row}"
    assert read_file(rtf).text == "a\tb\n1\t2"


def test_signs_that_are_no_text_do_not_come_through() -> None:
    assert (
        read_file("一\x00二\xad三\u200b四\x1b[2J\ufeff".encode(), name="a.txt").text
        == "一二三四[2J"
    )


def test_what_is_beyond_the_limit_is_cut_and_said() -> None:
    found = read_file(b"abcdef", name="a.txt", limits=FileLimits(characters=4))
    assert (found.text, found.complete) == ("abcd", False)


def test_refusals_have_names() -> None:
    with pytest.raises(FileDamaged):
        read_file(b"")
    with pytest.raises(FileTooLarge) as large:
        read_file(b"abc", limits=FileLimits(file_bytes=2))
    assert large.value.refusal is Refusal.TOO_LARGE
    with pytest.raises(FileTooLarge) as deep:
        read_file(b"{\\rtf1" + b"{" * 100_000)
    assert deep.value.refusal is Refusal.TOO_DEEP
    with pytest.raises(FileUnsupported) as unknown:
        read_file(bytes(range(256)))
    assert unknown.value.refusal is Refusal.NO_READER


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.7\n", "a.doc", FileKind.PDF),
        (b"\n\n%PDF-1.4", None, FileKind.PDF),
        (b"\x89PNG\r\n\x1a\n", "a.jpg", FileKind.PICTURE),
        (b"<HTML><body>", "a.xls", FileKind.HTML),
        ("<html><body>".encode("utf-16"), "a", FileKind.HTML),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "WordDocument\0".encode("utf-16-le"), "a", FileKind.DOC),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "a.wps", FileKind.WPS),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "Workbook\0".encode("utf-16-le"), "a.et", FileKind.XLS),
        (b"Rar!\x1a\x07\x01\x00", "a.zip", FileKind.RAR),
        ("通知".encode("gbk"), None, FileKind.TEXT),
    ],
)  # fmt: skip
def test_a_kind_is_told_by_bytes_before_names(
    data: bytes, name: str | None, kind: FileKind
) -> None:
    assert kind_of(data, name=name) is kind


def test_a_vast_table_of_members_is_not_looked_through() -> None:
    """Kinds are told where articles are visited, which nothing may hold up."""
    from tests.files.making.office import packed

    parts: dict[str, str | bytes] = {f"{n:0200}": b"" for n in range(5000)}
    assert kind_of(packed({**parts, "word/document.xml": b"<a/>"})) is FileKind.ZIP
    assert kind_of(packed({"word/document.xml": b"<a/>"})) is FileKind.DOCX
