"""Label lines and bylines as sites write them, one small page each."""

from __future__ import annotations

import pytest

from scraper.page import parse_page
from scraper.record.release import Release
from tests.page.golden import NOW

ONE = "青川市水务局今天上午召开新闻通气会，通报全市汛期以来水库调度和堤防巡查的有关情况，介绍下一步安排。"
TWO = "会上还公布了应急物资储备数量，接到指令后两小时内可以送到任何一段堤防，各县同步做好准备。"


def read(line: str = "<div>2024-11-16</div>", *, first: str = "", last: str = "") -> Release:
    html = (
        "<html><head><meta charset=utf-8><title>水务局通报汛情_青川市水务局</title></head><body>"
        "<div class=top><a href=/>首页</a><a href=/a>新闻</a></div><h1>水务局通报汛情</h1>"
        f"{line}<div class=c><p>{first}{ONE}</p><p>{TWO}</p>{last}</div>"
        "<div class=foot>版权所有 青川市水务局 ICP备1号</div></body></html>"
    )
    return parse_page(html.encode(), "http://sw.example.gov.cn/x/2.html", received_at=NOW)


DAY, EIGHT, TEN = "2024-11-16 00:00:00", "2024-11-16 08:00:00", "2024-11-16 10:00:00"


@pytest.mark.parametrize(
    ("line", "at", "source", "author", "editor"),
    [
        ("发布时间：2024-11-16 来源： 字号：[大 中 小]", DAY, None, None, None),
        ("<i>来源：</i><script>w()</script><i>点击：12</i><i>2024-11-16</i>", DAY, None, None, None),
        ("更新时间：2024-12-01 09:00 发布时间：2024-11-16 08:00 来源：市水务局", EIGHT, "市水务局", None, None),
        ("时间：2024-11-16  来源：本站  浏览：123次", DAY, "本站", None, None),
        ("2024-11-16 来源：青川日报 作者：本报记者 张三丰 通讯员 王五一", DAY, "青川日报", "张三丰 王五一", None),
        ("来源:新华网客户端 作者: 编辑:张三丰 2024-11-16 10:00", TEN, "新华网客户端", None, "张三丰"),
        ("发布日期：2024-11-16 | 来源：市水务局办公室 | 作者：办公室 | 阅读：12", DAY, "市水务局办公室", None, None),
        ("2024-11-16 10:00:00 青川日报", TEN, "青川日报", None, None),
        ("稿件来源：青川日报社 发布时间：2024年11月16日 作者：记者 李晓明", DAY, "青川日报社", "李晓明", None),
        ("信息来源：<a href=x>市水务局</a>　发布时间：2024-11-16　<a>打印</a>　<a>关闭</a>", DAY, "市水务局", None, None),
        ("<table><tr><td>发布日期</td><td>2024-11-16</td><td>来源</td><td>市水务局</td></tr></table>", DAY, "市水务局", None, None),
        ("<ul><li>来源：市水务局</li><li>2024-11-16 10:00</li><li>【字体：<a>大</a>】</li></ul>", TEN, "市水务局", None, None),
        ("发布者：admin 发布时间：2024-11-16 点击：[1]", DAY, None, None, None),
        ("来　源：市水务局 责 任 编 辑：周小川 2024-11-16", DAY, "市水务局", None, "周小川"),
        ("来源：新华社　　记者：张三丰　　摄影：李四光", None, "新华社", "张三丰", None),
        ("发布时间：2小时前 来源：青川网", None, "青川网", None, None),
    ],
)  # fmt: skip
def test_lines_of_labels(
    line: str, at: str | None, source: str | None, author: str | None, editor: str | None
) -> None:
    release = read(f"<div>{line}</div>")
    found = release.published_at and f"{release.published_at:%Y-%m-%d %H:%M:%S}"
    assert (found, release.source, release.author, release.editor) == (at, source, author, editor)
    assert release.paragraphs == (ONE, TWO)


@pytest.mark.parametrize(
    ("first", "last", "author", "editor"),
    [
        ("", "<p>（通讯员 王五一 记者 张三丰 文/图）</p>", "王五一 张三丰", None),
        ("", "<p>责任编辑：张三丰 审核：李四光 终审：王五一</p>", None, "张三丰"),
        ("", "<div>[编辑:张三丰]</div>", None, "张三丰"),
        ("", "<p>编辑/张三丰</p>", None, "张三丰"),
        ("本报讯（记者张三丰 通讯员李四光）", "", "张三丰 李四光", None),
        ("青川日报全媒体记者 张三丰报道：", "", "张三丰", None),
        ("", "<p>（作者系青川市水务局局长）</p>", None, None),
        ("", "<p>记者：谢谢您！</p>", None, None),
        ("", "<p>（联系人：王五一，电话：12345678）</p>", None, None),
    ],
)
def test_bylines(first: str, last: str, author: str | None, editor: str | None) -> None:
    release = read(first=first, last=last)
    assert (release.author, release.editor) == (author, editor)


def test_a_centred_line_below_a_picture_is_its_caption() -> None:
    centred = "<p style='text-align:center'>"
    release = read(last=f"{centred}<img src=/a/b.jpg></p>{centred}图为会议现场。（张三丰 摄）</p>")
    assert [(image.caption, image.credit) for image in release.images] == [
        ("图为会议现场。", "张三丰")
    ]
    assert release.paragraphs == (ONE, TWO)


def test_signature_and_attachment_stay_in_the_text() -> None:
    release = read(
        last="<p>青川市水务局</p><p>2024年11月15日</p><p>附件：<a href='/f/a.docx'>1.方案.docx</a></p>"
    )
    assert release.paragraphs[2:] == ("青川市水务局", "2024年11月15日", "附件：1.方案.docx")
    assert [file.name for file in release.attachments] == ["1.方案.docx"]
    assert str(release.published_at) == "2024-11-16 00:00:00+08:00"
