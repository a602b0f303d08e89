"""PDF files as Chinese offices make them: red heads, columns, tables, stamps, running heads."""

from __future__ import annotations

import re
import zlib

import pytest

from scraper.errors import FileDamaged, FileEncrypted, FileTooLarge
from scraper.files import FileLimits, read_file
from scraper.refusal import Refusal
from tests.files.making.pdf import A4, Page, pdf, stream, width, written

BODY = (
    "为做好今年防汛抗旱工作，确保人民群众生命财产安全，经市政府同意，现就有关事项通知如下，"
    "请各区县结合实际认真抓好落实，重要情况及时报告。"
)
MORE = "各区县要健全值班制度，落实领导带班和二十四小时值班，遇有险情立即上报并组织群众转移。"


def notice() -> Page:
    page = Page()
    page.centred(120, "东湖市人民政府文件", 36)
    page.centred(170, "东政发〔2024〕15号", 14)
    page.bar(80, 185, 515, 187)
    page.centred(230, "东湖市人民政府关于做好", 22)
    page.centred(262, "防汛抗旱工作的通知", 22)
    page.text(80, 310, "各区县人民政府，市政府各部门：", 16)
    y = page.lines(80, 340, "　　" + BODY, 27, 16, 28)
    y = page.lines(80, y, "　　" + MORE, 27, 16, 28)
    page.text(515 - width("东湖市人民政府", 16), y + 28, "东湖市人民政府", 16)
    page.text(515 - width("2024年6月1日", 16), y + 56, "2024年6月1日", 16)
    page.centred(800, "— 1 —", 14)
    return page


def test_a_notice_with_a_red_head() -> None:
    found = read_file(pdf(notice()))
    assert found.text.splitlines() == [
        "东湖市人民政府文件",
        "东政发〔2024〕15号",
        "东湖市人民政府关于做好",
        "防汛抗旱工作的通知",
        "各区县人民政府，市政府各部门：",
        BODY,
        MORE,
        "东湖市人民政府",
        "2024年6月1日",
    ]
    assert found.heading == "东湖市人民政府关于做好防汛抗旱工作的通知"
    assert not found.recognised
    assert found.pictured == ()


def test_two_columns_are_read_one_after_the_other() -> None:
    page = Page()
    page.centred(80, "东湖市统计公报解读", 20)
    page.lines(60, 120, BODY + MORE, 18)
    page.lines(60 + 18 * 12 + 30, 120, MORE + BODY, 18)
    page.lines(60, 320, BODY, 40)
    found = read_file(pdf(page)).text.splitlines()
    assert found == ["东湖市统计公报解读", BODY + MORE, MORE + BODY, BODY]


def test_a_ruled_table_is_rows_with_tabs_and_merged_cells_say_their_text_once() -> None:
    page = Page()
    page.text(80, 90, "附件一：项目清单")
    for y in (100, 130, 160, 190):
        page.rule(80, y, 500, y)
    for x in (80, 180, 340, 500):
        page.rule(x, 130 if x in {180, 340} else 100, x, 190)
    page.text(200, 120, "二〇二四年项目")
    page.text(90, 150, "东湖")
    page.text(190, 144, "雨污分流改造", 10)
    page.text(190, 156, "工程", 10)
    page.text(350, 150, "1,250.5")
    page.text(90, 180, "西山")
    page.text(350, 180, "300")
    page.text(80, 220, "以上项目年内完工。")
    assert read_file(pdf(page)).text.splitlines() == [
        "附件一：项目清单",
        "二〇二四年项目",
        "东湖\t雨污分流改造工程\t1,250.5",
        "西山\t\t300",
        "以上项目年内完工。",
    ]


def test_a_table_without_outer_edges_keeps_its_outer_columns() -> None:
    page = Page()
    for y in (100, 130, 160):
        page.rule(80, y, 500, y)
    for x in (200, 340):
        page.rule(x, 100, x, 160)
    for n, row in enumerate((("地区", "人口", "增长"), ("东湖", "12", "3%"))):
        for x, cell in zip((90, 210, 350), row, strict=True):
            page.text(x, 120 + 30 * n, cell)
    page.lines(80, 200, BODY, 35)
    assert read_file(pdf(page)).text.splitlines() == ["地区\t人口\t增长", "东湖\t12\t3%", BODY]


def test_an_underlined_title_or_a_framed_text_is_no_table() -> None:
    page = Page()
    page.text(80, 100, "关于公开征求意见的公告")
    page.rule(80, 104, 400, 104)
    for x0, y0, x1, y1 in (
        (70, 120, 520, 120),
        (70, 220, 520, 220),
        (70, 120, 70, 220),
        (520, 120, 520, 220),
    ):
        page.rule(x0, y0, x1, y1)
    page.lines(80, 150, BODY, 35)
    assert read_file(pdf(page)).text.splitlines() == ["关于公开征求意见的公告", BODY]


def test_a_table_without_rules_is_rows_with_tabs() -> None:
    page = Page()
    rows = [
        ("地区", "户籍人口", "增长"),
        ("东湖区", "102,345", "1.2%"),
        ("西山区", "88", "-0.4%"),
        ("合计", "102,433", ""),
    ]
    for n, row in enumerate(rows):
        for x, cell in zip((80, 200, 340), row, strict=True):
            page.text(x, 100 + 22 * n, cell) if cell else None
    assert read_file(pdf(page)).text.splitlines() == ["\t".join(row).strip() for row in rows]


def test_running_heads_and_page_numbers_are_no_text_and_paragraphs_go_on_overleaf() -> None:
    pages = []
    for n in range(4):
        page = Page()
        page.text(80, 50, "东湖市统计局", 9)
        page.text(450, 50, "统计公报", 9)
        y = page.lines(80, 100, f"　　第{n}段" + BODY, 36)
        page.lines(80, y, "　　" + (MORE * 2)[:70], 36)
        page.centred(810, f"第{n + 1}页 共4页", 9)
        pages.append(page)
    found = read_file(pdf(*pages)).text
    assert "东湖市统计局" not in found
    assert "共4页" not in found
    assert found.count("第0段" + BODY) == 1
    cut = Page()
    cut.lines(80, 100, "　　" + BODY[:34], 36)
    rest = Page()
    rest.lines(80, 100, BODY[34:], 36)
    assert read_file(pdf(cut, rest)).text == BODY


def test_forms_that_begin_alike_keep_their_first_lines() -> None:
    pages = []
    for n in range(5):
        page = Page()
        page.lines(80, 80, "申请表填写说明" + BODY, 36)
        page.text(80, 200, f"编号{n}")
        pages.append(page)
    assert read_file(pdf(*pages)).text.count("申请表填写说明") == 5


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_is_read_as_shown(turned: int) -> None:
    """A landscape table on a portrait page: its text is set sideways, and viewers turn it."""
    wide, high = A4[1], A4[0]
    page = Page(size=A4, turned=turned)
    for n, line in enumerate((BODY[:20], MORE[:20])):
        along, down = 80.0, 100.0 + 30 * n
        x, y = {
            90: (down, high and 842 - along),
            270: (595 - down, along),
            180: (595 - along, 842 - down),
        }[turned]
        page.text(x, y, line, 12, turn={90: 90, 180: 180, 270: 270}[turned])
    assert wide
    assert read_file(pdf(page)).text.splitlines() == [BODY[:20], MORE[:20]]


def test_standing_text_and_stamps_do_not_tear_the_lines() -> None:
    page = Page()
    page.lines(80, 100, BODY, 30)
    for n, sign in enumerate("东湖市档案局"):
        page.text(560, 90 + 14 * n, sign)
    page.text(300, 400, "征求意见稿", 60, turn=45)
    assert read_file(pdf(page)).text.splitlines() == [BODY, "东湖市档案局", "征求意见稿"]


def test_a_page_set_from_top_to_bottom_is_read_from_right_to_left() -> None:
    page = Page()
    for column, text in enumerate(("第一行自右而左竖排文字", "第二行接着往下读")):
        for n, sign in enumerate(text):
            page.text(480 - 30 * column, 100 + 14 * n, sign)
    assert read_file(pdf(page)).text.splitlines() == ["第一行自右而左竖排文字", "第二行接着往下读"]


def test_bold_by_overprint_is_said_once() -> None:
    page = Page()
    for dx in (0.0, 0.4):
        page.text(80 + dx, 100, "关于公开征求意见的公告", 18)
    page.lines(80, 140, BODY, 30)
    assert read_file(pdf(page)).text == f"关于公开征求意见的公告\n{BODY}"


def test_equal_signs_beside_each_other_are_no_overprint() -> None:
    page = Page()
    page.lines(80, 100, "电话021-55667788，共1112.33万元", 30)
    for n in range(4):
        page.text(80 + 2.7 * n, 140, "1")
    assert read_file(pdf(page)).text == "电话021-55667788，共1112.33万元\n1111"


def test_a_word_set_wide_stays_a_word() -> None:
    page = Page()
    for n, sign in enumerate("公告"):
        page.text(200 + 80 * n, 100, sign, 26)
    page.lines(80, 160, BODY, 30)
    assert read_file(pdf(page)).text.splitlines()[0] == "公告"


def test_raised_signs_stay_in_their_line() -> None:
    page = Page()
    page.text(80, 100, "面积为25km", 12)
    page.text(80 + width("面积为25km", 12), 95, "2", 7)
    page.text(80 + width("面积为25km", 12) + 4, 100, "，其中水域", 12)
    assert read_file(pdf(page)).text == "面积为25km2，其中水域"


def test_a_scan_is_a_picture_and_its_unseen_text_is_recognised_by_others() -> None:
    scan = Page()
    scan.paint(bytes(100), 10, 10)
    assert read_file(pdf(scan)).pictured == (0,)
    layered = Page()
    layered.paint(bytes(100), 10, 10)
    layered.unseen(80, 100, BODY[:30])
    layered.unseen(80, 120, MORE[:30])
    found = read_file(pdf(layered))
    assert found.text.startswith(BODY[:30])
    assert found.recognised
    assert found.confidence is None
    assert found.pictured == ()


def test_a_font_that_tells_no_signs_gives_no_invented_text() -> None:
    """Identity-H without ToUnicode: codes are numbers of outlines, which any reading invents."""
    page = Page()
    page.lines(80, 100, BODY, 30)
    blind = pdf(page).replace(b"/GBK-EUC-H", b"/Identity-H").replace(b"(GB1)", b"(Identity)")
    found = read_file(blind)
    assert found.text == ""
    assert found.pictured == (0,)


def test_refusals() -> None:
    page = Page()
    page.text(80, 100, "一")
    with pytest.raises(FileDamaged):
        read_file(b"%PDF-1.7\nnothing")
    with pytest.raises(FileTooLarge) as pages:
        read_file(pdf(page, page), limits=FileLimits(pages=1))
    assert pages.value.refusal is Refusal.TOO_MANY_PAGES


def test_of_a_yearbook_so_many_pages_are_read_and_it_is_said() -> None:
    page = Page()
    page.text(80, 100, "正文")
    cut = read_file(pdf(page, page, page), limits=FileLimits(read_pages=2))
    assert (len(cut.parts), cut.complete) == (2, False)
    assert read_file(pdf(page, page), limits=FileLimits(read_pages=2)).complete


def test_a_password_is_named() -> None:
    fpdf = pytest.importorskip("fpdf")
    made = fpdf.FPDF()
    made.add_page()
    made.set_encryption(owner_password="o", user_password="u")
    with pytest.raises(FileEncrypted):
        read_file(bytes(made.output()))


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_streams_that_unpack_without_bound_are_refused_before_they_are(layers: int) -> None:
    packed = bytes(260 << 20)
    for _ in range(layers):
        packed = zlib.compress(packed, 9)
    page = Page()
    page.text(80, 100, "一")
    filters = b"[" + b"/FlateDecode " * layers + b"]"
    bomb = b"90 0 obj << /Length %d /Filter %s >>\nstream\n%s\nendstream endobj\n" % (
        len(packed),
        filters,
        packed,
    )
    with pytest.raises(FileTooLarge) as caught:
        read_file(re.sub(rb"xref\n0", lambda _: bomb + b"xref\n0", pdf(page)))
    assert caught.value.refusal is Refusal.EXPANDS


def test_signs_and_pages_that_are_left_out_are_told() -> None:
    page = Page()
    page.text(80, 100, "关于做好防汛工作的通知")
    assert read_file(pdf(page), limits=FileLimits(glyphs=11)).complete
    assert not read_file(pdf(page), limits=FileLimits(glyphs=10)).complete
    whole = pdf(page, page)
    assert read_file(whole).complete
    found = read_file(whole.replace(b"/Kids [10 0 R 13 0 R]", b"/Kids [10 0 R 99 0 R]"))
    assert ([bool(part.text) for part in found.parts], found.complete) == ([True, False], False)


def test_what_is_written_into_a_form_is_said() -> None:
    shown = b"BT /F1 12 Tf 2 5 Td (Filled) Tj ET"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [5 0 R] >>"
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Filled) /F 4 /Rect [120 695 300 715] /AP << /N 6 0 R >> >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    drawn = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 180 20] /Resources << /Font << /F1 4 0 R >> >>"
    )
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] >> >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page,
        4: font,
        5: field,
        6: stream(shown, drawn),
    }
    assert read_file(written(objects)).text == "Filled"
