"""A truth set of files: more than sixty, in eight fonts, with all that each says in order."""

from __future__ import annotations

import datetime as dt
import io
import logging
import random
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl
import pptx
import xlwt
from fpdf import FPDF

from tests.files.making import ofd, pdf
from tests.files.making.fonts import installed
from tests.files.making.office import packed

logging.getLogger("fontTools").setLevel(logging.CRITICAL)

_WORDS = [
    "防汛抗旱",
    "工作",
    "通知",
    "各区县",
    "人民政府",
    "市直部门",
    "贯彻落实",
    "会议精神",
    "组织实施",
    "同比增长",
    "项目建设",
    "投资",
    "资金",
    "安全生产",
    "隐患排查",
    "群众",
    "责任",
    "单位",
    "值班",
    "报告",
    "物资储备",
    "水利工程",
    "应急预案",
    "督促检查",
    "重点任务",
    "措施",
    "完善",
    "机制",
    "加强",
    "推进",
    "开展",
    "全面",
    "提升",
    "服务",
    "质量",
    "保障",
    "民生",
    "就业",
    "医疗",
    "教育",
    "养老",
    "住房",
    "公共",
    "资源",
    "交易",
    "公开",
    "公示",
    "公告",
    "意见",
    "办法",
    "规划",
    "纲要",
]
_SIGNS = ("，", "，", "、", "；", "（以下简称“方案”），", "《条例》规定，")
_FIGURES = (
    "12.5%",
    "1,234.5万元",
    "2024年6月1日",
    "36.7公里",
    "021-55667788",
    "GB/T 9704",
    "PM2.5",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A file and what it says, in order; blanks do not count."""

    name: str
    data: bytes
    says: str
    pages: int = 1


def sentence(chance: random.Random, words: int = 14) -> str:
    """A sentence of so many words, with figures and signs in it."""
    told = ""
    for n in range(words):
        told += chance.choice(_WORDS)
        if n % 5 == 4:
            told += chance.choice(_FIGURES) + chance.choice(_SIGNS)
    return told + "。"


def paragraphs(chance: random.Random, count: int) -> list[str]:
    """So many paragraphs of two to four sentences."""
    return ["".join(sentence(chance) for _ in range(chance.randint(2, 4))) for _ in range(count)]


def rows(chance: random.Random, count: int = 8) -> list[list[str]]:
    """A table's rows: a name, two figures, a remark."""
    return [
        [
            chance.choice(_WORDS) + str(n),
            f"{chance.randint(1, 9999):,}",
            f"{chance.random() * 20:.1f}%",
            chance.choice(_WORDS),
        ]
        for n in range(count)
    ]


class _Sheet(FPDF):
    """A document with a running head and page numbers, which are no text."""

    def header(self) -> None:
        if self.running:
            self.set_font("chinese", size=9)
            self.cell(0, 8, self.running, align="C", new_x="LMARGIN", new_y="NEXT")
            self.ln(6)

    def footer(self) -> None:
        if self.running:
            self.set_y(-18)
            self.set_font("chinese", size=9)
            self.cell(0, 8, f"— {self.page_no()} —", align="C")

    def __init__(self, font: Path, running: str = "") -> None:
        super().__init__()
        self.running = running
        self.add_font("chinese", fname=str(font))
        self.set_margins(26, 24)
        self.set_auto_page_break(True, 28)
        self.set_font("chinese", size=14)
        self.add_page()

    def told(self, text: str, size: float = 14, align: str = "J") -> None:
        self.set_font("chinese", size=size)
        self.multi_cell(0, size * 0.62, text, align=align, new_x="LMARGIN", new_y="NEXT")


def _notice(font: Path, chance: random.Random) -> tuple[bytes, list[str]]:
    sheet, told = _Sheet(font), []
    head = ("东湖市人民政府文件", "东政发〔2024〕15号", "关于做好防汛抗旱工作的通知")
    for text, size in zip(head, (32, 12, 20), strict=True):
        sheet.told(text, size, "C")
        told.append(text)
        sheet.ln(6)
    for text in paragraphs(chance, 4):
        sheet.told("　　" + text)
        told.append(text)
    return bytes(sheet.output()), told


def _report(font: Path, chance: random.Random) -> tuple[bytes, list[str]]:
    """Several pages with a running head and page numbers."""
    sheet = _Sheet(font, "东湖市国民经济和社会发展统计公报")
    told = paragraphs(chance, 16)
    for text in told:
        sheet.told("　　" + text, 12)
    return bytes(sheet.output()), told


def _columns(font: Path, chance: random.Random) -> tuple[bytes, list[str]]:
    sheet, told = _Sheet(font), paragraphs(chance, 8)
    sheet.set_font("chinese", size=11)
    with sheet.text_columns(ncols=2, gutter=10, text_align="L", line_height=1.5) as columns:
        for text in told:
            columns.write(text)
            columns.ln()
    return bytes(sheet.output()), told


def _table(font: Path, chance: random.Random) -> tuple[bytes, list[str]]:
    sheet, told = _Sheet(font), paragraphs(chance, 1)
    sheet.told(told[0], 12)
    content = [["地区", "投资", "增长", "备注"], *rows(chance, 60)]
    sheet.set_font("chinese", size=11)
    with sheet.table(first_row_as_headings=False) as table:
        for cells in content:
            line = table.row()
            for cell in cells:
                line.cell(cell)
    told += [cell for cells in content for cell in cells]
    sheet.told("以上数据为初步统计数。", 12)
    return bytes(sheet.output()), [*told, "以上数据为初步统计数。"]


_SET: tuple[Callable[[Path, random.Random], tuple[bytes, list[str]]], ...] = (
    _notice, _report, _columns, _table,
)  # fmt: skip


def typeset_files(seed: int = 1) -> Iterator[Made]:
    """PDF files with embedded subsets of each font that this machine has."""
    for number, (name, font) in enumerate(installed().items()):
        for make in _SET:
            data, told = make(font, random.Random(seed * 1000 + number))
            yield Made(f"pdf {make.__name__.strip('_')} in {name}", data, "".join(told))


def _named_font(chance: random.Random) -> Iterator[Made]:
    """PDF files whose font is named only, its signs in GBK."""
    for n in range(4):
        page, told = pdf.Page(), paragraphs(chance, 3)
        y = 80.0
        for text in told:
            y = page.lines(70, y, "　　" + text, 38, 12, 21)
        yield Made(f"pdf named font {n}", pdf.pdf(page), "".join(told))
    page, told = pdf.Page(), rows(chance, 12)
    for n, cells in enumerate(told):
        for x, cell in zip((70, 200, 320, 430), cells, strict=True):
            page.text(x, 90 + 22 * n, cell)
    yield Made("pdf table without rules", pdf.pdf(page), "".join(map("".join, told)))


def _ofds(chance: random.Random) -> Iterator[Made]:
    for n in range(8):
        pages, told = [], []
        for _ in range(1 + n % 3):
            page, y = ofd.Page(), 30.0
            for text in paragraphs(chance, 3):
                told.append(text)
                line = "　　" + text
                for at in range(0, len(line), 32):
                    page.text(25, y, line[at : at + 32], 4.9)
                    y += 9
            pages.append(page)
        yield Made(f"ofd {n}", ofd.ofd(pages), "".join(told), len(pages))


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def _words(chance: random.Random) -> Iterator[Made]:
    for n in range(6):
        made, told = docx.Document(), paragraphs(chance, 6)
        for text in told:
            made.add_paragraph(text)
        content = rows(chance, n)
        table = made.add_table(rows=0, cols=4)
        for cells in content:
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
        made.add_paragraph("特此通知。")
        says = "".join([*told, *map("".join, content), "特此通知。"])
        yield Made(f"docx {n}", _saved(made), says)


def _books(chance: random.Random) -> Iterator[Made]:
    for n in range(5):
        content = [["地区", "投资", "增长", "备注"], *rows(chance, 30)]
        book = openpyxl.Workbook()
        for cells in content:
            book.active.append([*cells, dt.date(2024, 6, 1)])
        says = "".join("".join([*cells, "2024-06-01"]) for cells in content)
        yield Made(f"xlsx {n}", _saved(book), says)
        old = xlwt.Workbook(encoding="utf-8")
        sheet = old.add_sheet("汇总")
        for row, cells in enumerate(content):
            for column, text in enumerate(cells):
                sheet.write(row, column, text)
        yield Made(f"xls {n}", _saved(old), "".join(map("".join, content)))


def _slides(chance: random.Random) -> Iterator[Made]:
    for n in range(3):
        made, told = pptx.Presentation(), []
        for title in paragraphs(chance, 4):
            slide = made.slides.add_slide(made.slide_layouts[1])
            slide.shapes.title.text = title[:20]
            body = sentence(chance)
            slide.placeholders[1].text = body
            told += [title[:20], body]
        yield Made(f"pptx {n}", _saved(made), "".join(told))


def _plain(chance: random.Random) -> Iterator[Made]:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        text = "\r\n".join(paragraphs(chance, 5))
        yield Made(f"txt {encoding}", text.encode(encoding), text)
        html = f"<html><body>{''.join(f'<p>{each}</p>' for each in text.split())}</body></html>"
        yield Made(f"html {encoding}", html.encode(encoding), text)
    text = sentence(chance)
    code = "".join(f"\\'{byte:02x}" for byte in text.encode("gbk"))
    yield Made("rtf", f"{{\\rtf1\\ansi\\ansicpg936 {code}}}".encode(), text)


def _archives(chance: random.Random) -> Iterator[Made]:
    texts = {f"附件{n}.txt": sentence(chance) for n in range(4)}
    parts: dict[str, str | bytes] = {name: text.encode("gbk") for name, text in texts.items()}
    yield Made("zip", packed(parts), "".join(texts.values()))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        for name, text in texts.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            made.addfile(info, io.BytesIO(text.encode()))
    yield Made("tar.gz", out.getvalue(), "".join(texts.values()))


def all_files(seed: int = 1) -> Iterator[Made]:
    """Every file of the truth set."""
    yield from typeset_files(seed)
    chance = random.Random(seed)
    for make in (_named_font, _ofds, _words, _books, _slides, _plain, _archives):
        yield from make(chance)
