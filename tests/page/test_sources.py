"""Where a release is from, in many forms: the line below the headline, the last line."""

from __future__ import annotations

import pytest

from tests.page.article import TEXT, article, paragraphs, read

ABOVE = {
    "2024-03-01 16:39:05　青川日报": ("青川日报", None, None),
    "青川日报　2024-03-01 16:39": ("青川日报", None, None),
    "青川日报 | 2024-03-01 16:39": ("青川日报", None, None),
    "<span>青川日报</span><span>2024-03-01 16:39</span>": ("青川日报", None, None),
    "<span>2024-03-01 16:39</span><span>青川日报</span>": ("青川日报", None, None),
    "2024年03月01日 16:39 来源：青川日报 分享到：": ("青川日报", None, None),
    "2024-03-01 16:39 来源：青川日报 字号：大 中 小": ("青川日报", None, None),
    "2024-03-01 16:39 来源：青川日报 [大 中 小]": ("青川日报", None, None),
    "来源：<a href='http://x.cn'>青川日报</a> 2024-03-01": ("青川日报", None, None),
    "来源：<span>青川日报</span><span>2024-03-01</span>": ("青川日报", None, None),
    "<em>来源</em><em>青川日报</em><em>2024-03-01</em>": ("青川日报", None, None),
    "来源:青川日报 编辑:张三 2024-03-01 16:39": ("青川日报", None, "张三"),
    "稿源：青川日报 2024-03-01": ("青川日报", None, None),
    "出处：青川日报 2024-03-01": ("青川日报", None, None),
    "文章来源：青川日报 2024-03-01": ("青川日报", None, None),
    "新闻来源：青川日报 2024-03-01": ("青川日报", None, None),
    "原文来源：青川日报 2024-03-01": ("青川日报", None, None),
    "本文来源：青川日报 2024-03-01": ("青川日报", None, None),
    "来源于：青川日报 2024-03-01": ("青川日报", None, None),
    "转载自：青川日报 2024-03-01": ("青川日报", None, None),
    "转自：青川日报 2024-03-01": ("青川日报", None, None),
    "摘自：青川日报 2024-03-01": ("青川日报", None, None),
    "媒体：青川日报 2024-03-01": ("青川日报", None, None),
    "信息来源：青川县水务局 2024-03-01": ("青川县水务局", None, None),
    "发布机关：青川县水务局 2024-03-01": ("青川县水务局", None, None),
    "信息提供单位：青川县水务局 2024-03-01": ("青川县水务局", None, None),
    "供稿：青川县水务局 2024-03-01": ("青川县水务局", None, None),
    "供稿单位：青川县水务局 供稿人：张三 2024-03-01": ("青川县水务局", "张三", None),
    "来稿单位：青川县水务局 2024-03-01": ("青川县水务局", None, None),
    "报送单位：青川县水务局 2024-03-01": ("青川县水务局", None, None),
    "来源：青川县水务局办公室 2024-03-01 点击数：12": ("青川县水务局办公室", None, None),
    "来源：县委宣传部、县文明办 2024-03-01": ("县委宣传部、县文明办", None, None),
    "来源：中国青川网-青川日报 2024-03-01": ("中国青川网-青川日报", None, None),
    "来源：青川日报/青川网 2024-03-01": ("青川日报/青川网", None, None),
    "来源：青川发布（微信公众号） 2024-03-01": ("青川发布(微信公众号)", None, None),
    "来源：青川日报2024-03-01": ("青川日报", None, None),
    "来源：青川日报作者：张三2024-03-01": ("青川日报", "张三", None),
    "来源：青川日报　时间：2024-03-01": ("青川日报", None, None),
    "来源：青川日报 发布者：管理员 2024-03-01": ("青川日报", None, None),
    "来源：青川日报 审核：李四 2024-03-01": ("青川日报", None, None),
    "来源：青川日报 责编：李四 审核：王五 2024-03-01": ("青川日报", None, "李四"),
    "发布时间：2024-03-01 来源：青川日报 浏览：<span id='hits'>12</span> 次": (
        "青川日报",
        None,
        None,
    ),
    "时间：2024-03-01　来源：　青川日报　点击：": ("青川日报", None, None),
    "来源：-- 2024-03-01": (None, None, None),
    "来源：/ 2024-03-01": (None, None, None),
    "来源：暂无 2024-03-01": (None, None, None),
    "来源：null 2024-03-01": (None, None, None),
    "来源：未知 2024-03-01": (None, None, None),
    "来源：互联网 2024-03-01": ("互联网", None, None),
    "来源：网络 2024-03-01": ("网络", None, None),
    "来源：本站原创 2024-03-01": ("本站原创", None, None),
    "来源：本站 2024-03-01": ("本站", None, None),
    "来源：原创 2024-03-01": ("原创", None, None),
    "来源：http://www.qc.cn 2024-03-01": (None, None, None),
    "来源：《青川日报》 2024-03-01": ("《青川日报》", None, None),
    "来源：青川日报第1版 2024-03-01": ("青川日报第1版", None, None),
    "来源：青川市政府办公室（研究室） 2024-03-01": ("青川市政府办公室(研究室)", None, None),
    "来源：青川日报 | 作者：张三 | 2024-03-01": ("青川日报", "张三", None),
    "2024-03-01 16:39 · 来自青川日报": ("青川日报", None, None),
    "2024-03-01 16:39 青川日报客户端": ("青川日报客户端", None, None),
    "2024-03-01 16:39 发布于：四川": (None, None, None),
    "2024-03-01 16:39 IP属地：四川": (None, None, None),
    "来源：新华社 记者张三 2024-03-01": ("新华社", "张三", None),
    "来源：新华社（记者张三） 2024-03-01": ("新华社", "张三", None),
    "来源：新华社 作者 张三 2024-03-01": ("新华社", "张三", None),
    "[来源：青川日报] [2024-03-01]": ("青川日报", None, None),
    "（来源：青川日报） 2024-03-01": ("青川日报", None, None),
    "来源 : 青川日报 2024-03-01": ("青川日报", None, None),
    "來源：青川日報 2024-03-01": ("青川日報", None, None),
    "来源丨青川日报 2024-03-01": ("青川日报", None, None),
    "来源|青川日报|2024-03-01": ("青川日报", None, None),
    "文章来源:青川日报|2024-03-01": ("青川日报", None, None),
    "【 来源：青川日报 】【 2024-03-01 】": ("青川日报", None, None),
    "<li>发布机关： 广州市民政局</li><li>成文日期：2024-03-01</li>": ("广州市民政局", None, None),
    "<li>发布单位： 广州市民政局</li><li>发布日期：2024-03-01</li>": ("广州市民政局", None, None),
}
LAST = {
    "来源：青川日报": "青川日报",
    "（来源：青川日报）": "青川日报",
    "来源 | 青川日报": "青川日报",
    "【来源：青川日报】": "青川日报",
    "文章来源：青川日报 责编：张三": "青川日报",
    "（转自青川日报）": "青川日报",
    "信息来源：青川日报": "青川日报",
    "稿件来源：青川日报": "青川日报",
    "资料来源：国家统计局": None,
    "图片来源：青川日报": None,
    "图源：青川日报": None,
}


@pytest.mark.parametrize("line", ABOVE)
def test_the_line_below_the_headline(line: str) -> None:
    release = article(above=f"<div>{line}</div>")
    source = release.source.translate({0xFF08: "(", 0xFF09: ")"}) if release.source else None
    assert (source, release.author, release.editor) == ABOVE[line]


@pytest.mark.parametrize("line", LAST)
def test_the_last_line(line: str) -> None:
    assert article(above="<p>2024-03-01 16:39</p>", inside=f"<p>{line}</p>").source == LAST[line]


def test_the_account_of_a_platform() -> None:
    above = "<div><a href='/1'><div>青川扬声</div><span>企鹅号</span></a></div>"
    assert article(above=above).source == "青川扬声"


def test_a_medium_that_tells_how_it_came_to_a_text() -> None:
    head = "<title>内涝点整治提速|游云星空</title>"
    markup = "<h1>内涝点整治提速</h1><span>2019-09-05 11:10 游云星空[整理]</span>"
    assert read(f"<div>{markup}{paragraphs(*TEXT)}</div>", head=head).source == "游云星空"


@pytest.mark.parametrize("label", ["发布机关", "发布机构", "公开部门"])
def test_a_label_beside_a_date_is_no_part_of_a_source(label: str) -> None:
    rows = f"<ul><li>实施日期： 2024年04月01日</li><li>{label}： 青川县人民政府办公室</li></ul>"
    head = "<title>内涝点整治提速</title><meta name='ContentSource' content='青川县政府网'>"
    markup = f"<div>{rows}<h1>内涝点整治提速</h1>{paragraphs(*TEXT)}</div>"
    assert read(markup, head=head).source == "青川县政府网"
