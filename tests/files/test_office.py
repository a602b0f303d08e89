"""Office files as Word, WPS and Excel of Chinese offices write them."""

from __future__ import annotations

import datetime as dt
import io

import docx as python_docx
import openpyxl
import pptx
import pytest
import xlwt

from scraper.errors import FileDamaged, FileEncrypted, FileTooLarge, FileUnsupported
from scraper.files import FileKind, FileLimits, read_file
from scraper.files.office import docx as docx_reader
from scraper.files.office.cells import shown
from scraper.files.office.numbering import formed
from tests.files.making.office import docx, numbered, p, packed, parts_of


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def test_a_document_of_a_library() -> None:
    made = python_docx.Document()
    made.sections[0].header.paragraphs[0].text = "页眉不要"
    made.add_heading("关于做好防汛工作的通知", 0)
    made.add_paragraph("各街道办事处：")
    table = made.add_table(rows=2, cols=3)
    for n, cell in enumerate(("街道", "户数", "人数", "东湖", "12", "40")):
        table.cell(n // 3, n % 3).text = cell
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 1).text = ""
    inner = table.cell(1, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "甲", "乙"
    made.add_paragraph("请遵照执行。")
    found = read_file(saved(made))
    assert found.kind is FileKind.DOCX
    assert found.heading == "关于做好防汛工作的通知"
    assert found.text.splitlines() == [
        "关于做好防汛工作的通知",
        "各街道办事处：",
        "街道\t户数 人数",
        "东湖\t甲 乙\t40",
        "请遵照执行。",
    ]


def test_what_was_deleted_or_hidden_is_not_said() -> None:
    body = (
        "<w:p><w:r><w:t>同意</w:t></w:r><w:del><w:r><w:delText>不</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>实施</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>方案</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r></w:p>'
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>删行</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p/></w:tc></w:tr></w:tbl><w:sectPr/>"
    )
    assert read_file(docx(body)).text == "同意实施方案"


def test_a_text_box_is_said_once_and_footnotes_at_the_end() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>特急</w:t></w:r></w:p></w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><wps:txbx>{box}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        '<w:r><w:footnoteReference w:id="2"/></w:r></w:p><w:p><w:r><w:t>结束</w:t></w:r></w:p>'
    )
    notes = (
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>线</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>指常住人口。</w:t></w:r></w:p></w:footnote>'
    )
    assert read_file(docx(body, footnotes=notes)).text == "正文\n特急\n结束\n指常住人口。"


def test_numbers_that_word_sets_are_said() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(
            (("japaneseCounting", "%1、"), ("decimal", "%2."), ("bullet", "•"))
        )
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
    )
    body = (
        p("总体要求", numbered(5)) + p("甲", numbered(5, 1)) + p("乙", numbered(5, 1))
        + p("重点任务", numbered(5)) + p("丙", numbered(5, 1)) + p("丁", numbered(5, 2)) + p("戊", numbered(0))
    )  # fmt: skip
    assert read_file(docx(body, numbering=numbering)).text.splitlines() == [
        "一、总体要求", "1.甲", "2.乙", "二、重点任务", "1.丙", "丁", "戊",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "form", "told"),
    [
        (10, "chineseCounting", "十"), (21, "chineseCounting", "二十一"), (105, "chineseCounting", "一百零五"),
        (4, "lowerRoman", "iv"), (28, "upperLetter", "BB"), (3, "decimalEnclosedCircle", "③"), (7, "unknown", "7"),
    ],
)  # fmt: skip
def test_forms_of_numbers(number: int, form: str, told: str) -> None:
    assert formed(number, form) == told


def test_the_heading_of_a_red_headed_document_is_below_its_number() -> None:
    body = (
        p("东湖市人民政府文件", size=72) + p("东政发〔2024〕15号", size=32) + p("关于做好防汛工作的", size=44)
        + p("通知", size=44) + p("各区县人民政府：", size=32) + p("为做好防汛工作，现通知如下。" * 3, size=32)
    )  # fmt: skip
    assert read_file(docx(body)).heading == "关于做好防汛工作的通知"
    assert read_file(docx(p("一段话。", size=32) * 3)).heading is None


def test_the_deepest_document_that_is_read_does_not_overrun_the_stack() -> None:
    depth = 60
    body = "<w:tbl><w:tr><w:tc>" * depth + p("深") + "</w:tc></w:tr></w:tbl>" * depth
    assert read_file(docx(body)).text == "深"


def test_a_frame_table_is_read_as_what_it_frames() -> None:
    body = f"<w:tbl><w:tr><w:tc>{p('第一段')}{p('第二段')}</w:tc></w:tr></w:tbl>"
    assert read_file(docx(body)).text == "第一段\n第二段"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "汇总"
    sheet.append(["项目", "金额", "增长", "日期"])
    sheet.append(["东湖\n改造", 1250.5, 0.085, dt.datetime.combine(dt.date(2024, 6, 1), dt.time())])
    sheet["B2"].number_format, sheet["C2"].number_format = "#,##0.00", "0.0%"
    sheet["D2"].number_format = 'yyyy"年"m"月"d"日"'
    sheet.append([])
    sheet["A4"], sheet["B4"] = "合计", "=SUM(B2:B3)"
    sheet.merge_cells("C4:D4")
    sheet["C4"] = "合并"
    book.create_sheet("底稿").append(["内部"])
    book["底稿"].sheet_state = "hidden"
    return saved(book)


def test_a_workbook_says_what_it_shows() -> None:
    found = read_file(workbook())
    assert [(part.name, part.hidden) for part in found.parts] == [("汇总", False), ("底稿", True)]
    assert found.parts[0].text.splitlines() == [
        "项目\t金额\t增长\t日期",
        "东湖 改造\t1,250.50\t8.5%\t2024年6月1日",
        "合计\t\t合并",  # a formula that no program has computed has no value, and none is made up
    ]


def test_an_old_workbook() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("汇总")
    for n, value in enumerate(("项目", "东湖", "")):
        sheet.write(n, 0, value)
    sheet.write(1, 1, 0.085, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write(1, 2, dt.date(2024, 6, 1), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(1, 3, 12.5)
    hidden = book.add_sheet("底稿")
    hidden.visibility = 1
    found = read_file(saved(book), name="汇总.et")
    assert found.kind is FileKind.XLS
    assert found.parts[0].text.splitlines() == ["项目", "东湖\t8.5%\t2024-06-01\t12.5"]
    assert found.parts[1].hidden


@pytest.mark.parametrize(
    ("value", "form", "told"),
    [
        (3.0, None, "3"), (0.1 + 0.2, "General", "0.3"), (1234567, "#,##0", "1,234,567"), (True, None, "TRUE"),
        (dt.time(9, 30), "h:mm", "09:30"), (dt.datetime.combine(dt.date(2024, 6, 1), dt.time(9, 30)), "", "2024-06-01 09:30"),
        (0.5, '0.00"%"', "0.50%"), (5, '0"人"', "5人"), (2.5, "0.##", "2.5"), (9.5, "[$¥-804]#,##0.00_ ;", "¥9.50"), (0.25, r"0%\ ", "25% "),
        (7, "[$US$-409]0", "US$7"), (7, "[$-804]0", "7"), (7, "[Red][$€]0", "€7"),
    ],
)  # fmt: skip
def test_values_in_their_form(value: object, form: str | None, told: str) -> None:
    assert shown(value, form) == told


def test_slides_in_their_order_shapes_from_top_to_bottom() -> None:
    made = pptx.Presentation()
    for n in (1, 2):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = f"第{n}页标题"
        for text, top in (("下面", 4_000_000), ("上面", 2_000_000)):
            slide.shapes.add_textbox(1_000_000, top, 2_000_000, 500_000).text_frame.text = text
    table = slide.shapes.add_table(1, 2, 1_000_000, 6_000_000, 3_000_000, 500_000).table
    table.cell(0, 0).text, table.cell(0, 1).text = "甲", "乙"
    found = read_file(saved(made))
    assert [part.text.splitlines() for part in found.parts] == [
        ["第1页标题", "上面", "下面"],
        ["第2页标题", "上面", "下面", "甲\t乙"],
    ]
    assert found.heading == "第1页标题"


def test_encrypted_and_damaged_files_are_named() -> None:
    sealed = (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage\0".encode("utf-16-le")
    )
    with pytest.raises(FileEncrypted):
        read_file(sealed, name="a.docx")
    with pytest.raises(FileDamaged):
        read_file(workbook()[:2000])
    with pytest.raises(FileDamaged):
        read_file(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), name="a.xls")


def test_rows_cells_and_parts_that_are_left_out_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_reader, "_ROWS", 3)
    monkeypatch.setattr(docx_reader, "_CELLS", 4)

    def table(rows: int, cells: int) -> bytes:
        cell = f"<w:tc>{p('格')}</w:tc>"
        return docx(f"<w:tbl>{f'<w:tr>{cell * cells}</w:tr>' * rows}</w:tbl>{p('完')}")

    assert read_file(table(3, 4)).complete
    assert not read_file(table(4, 4)).complete
    assert not read_file(table(3, 5)).complete
    assert read_file(table(4, 5)).text.endswith("完")  # what follows a long table is read
    assert not read_file(docx(p("前") + '<w:altChunk r:id="r9"/>' + p("后"))).complete


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_rows_of_a_sheet_beyond_the_characters_are_told_even_where_blanks_go(kind: str) -> None:
    """Rows that are never read are told, though the text that was read shrinks below its limit."""
    lines = ["甲" + " " * 40 + "乙"] * 6
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append([line])
        data = saved(book)
    else:
        old = xlwt.Workbook()
        sheet = old.add_sheet("一")
        for n, line in enumerate(lines):
            sheet.write(n, 0, line)
        data = saved(old)
    assert read_file(data).complete
    found = read_file(data, limits=FileLimits(characters=100))
    assert not found.complete
    assert len(found.text) < 100


def test_a_slide_that_is_not_in_the_file_is_told() -> None:
    made = pptx.Presentation()
    for n in (1, 2):
        made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = f"第{n}页标题"
    data = saved(made)
    assert read_file(data).complete
    without = {
        name: content for name, content in parts_of(data).items() if name != "ppt/slides/slide2.xml"
    }
    found = read_file(packed(without))
    assert [part.text for part in found.parts] == ["第1页标题", ""]
    assert not found.complete


def test_what_was_deleted_is_gone_with_its_paragraph_mark_and_its_cell() -> None:
    marked = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    body = (
        f"<w:p>{marked}<w:r><w:t>第一条　为了</w:t></w:r></w:p>{p('规范管理，制定本细则。')}"
        f"<w:p>{marked}<w:del><w:r><w:delText>全删</w:delText></w:r></w:del></w:p>{p('第二条')}"
        f"<w:p>{marked}<w:r><w:t>表前</w:t></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr>{p('删格')}</w:tc>"
        f"<w:tc>{p('留')}</w:tc><w:tc>{p('下')}</w:tc></w:tr></w:tbl>"
    )
    assert read_file(docx(body)).text.splitlines() == [
        "第一条　为了规范管理，制定本细则。",
        "第二条",
        "表前",
        "留\t下",
    ]


def test_text_that_a_style_hides_is_not_said() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="H"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="I"><w:name w:val="i"/><w:basedOn w:val="H"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="P"><w:name w:val="p"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )

    def run(text: str, properties: str) -> str:
        return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"

    hidden, unhidden = '<w:rStyle w:val="H"/>', '<w:vanish w:val="0"/>'
    body = (
        f"<w:p>{run('藏', hidden)}{run('也藏', hidden.replace('H', 'I'))}"
        f"{run('见', hidden + unhidden)}</w:p>"
        f'<w:p><w:pPr><w:pStyle w:val="P"/></w:pPr>{run("段藏", "")}</w:p>{p("完")}'
    )
    assert read_file(docx(body, styles=styles)).text == "见\n完"


@pytest.mark.parametrize(
    ("value", "form", "seen"),
    [
        (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        (-1234, "#,##0;[Red]#,##0", "-1,234"),
        (-5, "0.0;-0.0", "-5.0"),
        (0, '0;-0;"无"', "无"),
        (0, "0;-0;;@", ""),
        (7, '0;-0;"无"', "7"),
        (-3, '0"升";"降"0', "降-3"),
        (123, "000000", "000123"),
        (44000, "[$-804]aaaa", "44000"),
        (5, '[>3]"多";0', "多"),
        (dt.timedelta(hours=30), "[h]:mm", "30:00"),
        (dt.timedelta(minutes=-90, seconds=-5), "[h]:mm:ss", "-1:30:05"),
    ],
)
def test_a_value_is_shown_by_the_section_of_its_sign(value: object, form: str, seen: str) -> None:
    assert shown(value, form) == seen


def test_documents_of_one_piece_of_xml() -> None:
    old = (
        "<?xml version='1.0' encoding='UTF-8'?><?mso-application progid='Word.Document'?>"
        "<w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'"
        " xmlns:aml='http://schemas.microsoft.com/aml/2001/core'><w:body>"
        f"{p('通知')}<w:p><w:r><w:t>正文</w:t></w:r><aml:annotation w:type='Word.Deletion'><aml:content>"
        "<w:r><w:delText>删</w:delText></w:r></aml:content></aml:annotation></w:p></w:body></w:wordDocument>"
    )
    found = read_file(old.encode(), name="a.doc")
    assert (found.kind, found.text) == (FileKind.XML, "通知\n正文")
    book = (
        "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'"
        " xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet ss:Name='一'><Table>"
        "<Row><Cell><Data ss:Type='String'>甲</Data></Cell><Cell ss:Index='4'><Data ss:Type='Number'>1</Data></Cell></Row>"
        "</Table></Worksheet></Workbook>"
    )
    found = read_file(book.encode(), name="a.xls")
    assert [(part.name, part.text) for part in found.parts] == [("一", "甲\t\t\t1")]
    for said, hidden in (("SheetVisible", False), ("SheetHidden", True), ("SheetVeryHidden", True)):
        options = f"<WorksheetOptions><Visible>{said}</Visible></WorksheetOptions></Worksheet>"
        told = read_file(book.replace("</Worksheet>", options).encode(), name="a.xls")
        assert [part.hidden for part in told.parts] == [hidden]
    with pytest.raises(FileUnsupported, match="svg"):
        read_file(b"<?xml version='1.0'?><svg><text>1</text></svg>")
    with pytest.raises(FileTooLarge):
        read_file(b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><Workbook>&b;</Workbook>")


def test_the_main_part_may_have_any_name() -> None:
    parts = parts_of(docx(p("正文")))
    moved = {name.replace("document.xml", "document2.xml"): body for name, body in parts.items()}
    relations = str(parts["_rels/.rels"], "utf-8")  # type: ignore[arg-type]
    moved["_rels/.rels"] = relations.replace("document.xml", "document2.xml")
    moved["[Content_Types].xml"] = "<Types/>"
    found = read_file(packed(moved))
    assert (found.kind, found.text) == (FileKind.DOCX, "正文")
