"""OFD files: official documents and invoices of GB/T 33190."""

from __future__ import annotations

import pytest

from scraper.errors import FileDamaged, FileEncrypted
from scraper.files import FileLimits, read_file
from scraper.files.allowance import Allowance
from scraper.files.ofd.objects import deltas
from scraper.files.ofd.pictures import page_picture
from tests.files.making.ofd import Page, ofd
from tests.files.making.office import packed, parts_of

FIRST = "　　为做好今年防汛抗旱工作，确保人民群众生命财产安全，经市政府"
SECOND = "同意，现就有关事项通知如下。"


def notice() -> Page:
    page = Page()
    page.text(35, 40, "东湖市人民政府文件", 14)
    page.text(80, 60, "东政发〔2024〕15号")
    page.text(45, 80, "关于做好防汛抗旱工作的通知", 8)
    page.text(28, 100, FIRST, 4.9)
    page.text(28, 110, SECOND, 4.9)
    page.text(140, 130, "2024年6月1日")
    page.text(100, 285, "— 1 —")
    return page


def test_a_red_headed_document() -> None:
    found = read_file(ofd([notice()]))
    assert found.text.splitlines() == [
        "东湖市人民政府文件",
        "东政发〔2024〕15号",
        "关于做好防汛抗旱工作的通知",
        FIRST.strip("　") + SECOND,
        "2024年6月1日",
    ]
    assert found.heading == "关于做好防汛抗旱工作的通知"


def test_runs_of_steps() -> None:
    assert list(deltas("1 g 3 12.5 2 g 1 4")) == [1, 12.5, 12.5, 12.5, 2, 4]
    assert list(deltas("g 999999 nan g")) == [0.0] * 100_000
    assert list(deltas(None)) == []


def test_an_invoice_has_its_templates_labels_and_its_values_in_rows() -> None:
    template = Page()
    for y in (20, 30, 40):
        template.rule(10, y, 200, y)
    for x in (10, 80, 200):
        template.rule(x, 20, x, 40)
    template.text(12, 26, "购买方名称")
    template.text(12, 36, "价税合计")
    page = Page(template="5")
    page.code(82, 26, [(0.0, "东湖市", "g 2 4.5"), (13.5, "水务局", "4.5 4.5")], 4.5)
    page.code(82, 36, [(0.0, "¥1234.50", "")], 4.5)
    assert read_file(ofd([page], template=template)).text.splitlines() == [
        "购买方名称\t东湖市水务局",
        "价税合计\t¥1234.50",
    ]


def test_several_documents_and_attached_files_are_named() -> None:
    first, second = Page(), Page()
    first.text(20, 30, "正文内容甲")
    second.text(20, 30, "附件内容乙")
    found = read_file(
        ofd(
            [first],
            [second],
            titles=("正文", "附件"),
            attached={"清单.txt": "防汛物资清单".encode()},
        )
    )
    assert [(part.name, part.text) for part in found.parts] == [
        ("正文", "正文内容甲"),
        ("附件", "附件内容乙"),
    ]
    assert [(each.name, each.text.text) for each in found.members] == [("清单.txt", "防汛物资清单")]
    assert found.text == "正文内容甲\n附件内容乙\n防汛物资清单"


def test_matrices_turn_and_scale() -> None:
    page = Page()
    page.text(20, 30, "放大两倍的标题", 4, ctm="2 0 0 2 0 0")
    for n in range(3):
        page.text(20, 60 + 8 * n, "正文第" + "一二三"[n] + "行写满之前就结束", 4)
    page.text(100, 200, "征求意见稿", 10, ctm="0.7071 0.7071 -0.7071 0.7071 0 0")
    page.standing(200, 50, "东湖市档案局")
    found = read_file(ofd([page]))
    assert found.heading == "放大两倍的标题"
    assert found.text.splitlines()[-2:] == ["东湖市档案局", "征求意见稿"]


def test_radicals_that_a_font_gave_are_the_characters_that_were_typed() -> None:
    page = Page()
    page.text(20, 30, "⽂件⼈⻚⻓")
    assert read_file(ofd([page])).text == "文件人页长"


def test_a_scan_is_pictured() -> None:
    page = Page()
    page.picture()
    assert read_file(ofd([page])).pictured == (0,)


def test_the_picture_of_a_scanned_page_is_found_for_recognition() -> None:
    page, spoken = Page(), Page()
    page.picture()
    spoken.text(20, 30, "正文")
    data = ofd([spoken], [page], media={"7": b"\x89PNG of the scan"})
    assert page_picture(data, 1, Allowance.of()) == b"\x89PNG of the scan"
    with pytest.raises(FileDamaged):
        page_picture(data, 0, Allowance.of())
    with pytest.raises(FileDamaged):
        page_picture(data, 2, Allowance.of())


def test_refusals() -> None:
    with pytest.raises(FileEncrypted):
        read_file(ofd([notice()], extra={"Encryptions.xml": b"<a/>"}))
    with pytest.raises(FileDamaged):
        read_file(ofd())


def test_signs_and_pages_that_are_left_out_are_told() -> None:
    page = notice()
    whole = ofd([page, page])
    assert read_file(whole).complete
    assert not read_file(whole, limits=FileLimits(glyphs=20)).complete
    parts = parts_of(whole)
    name = next(each for each in parts if each.endswith("Page_1/Content.xml"))
    found = read_file(packed({each: parts[each] for each in parts if each != name}))
    assert (len(found.parts), found.complete) == (2, False)
