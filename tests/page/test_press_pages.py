"""Pages of press conferences and of offices: the event's own time, who asks, boxes of other articles, tables."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.page.article import TEXT, article, paragraphs, read

TITLE = "内涝点整治提速"
PLACE = "<p>地点：市政府新闻发布厅</p><p>主持人：李红梅</p>"
ASKS = "请问下一步如何保障农村饮水安全？"


@pytest.mark.parametrize(
    "event",
    [
        f"<div class='fbh'><p>时间：2024年2月28日（星期三）上午10:00</p>{PLACE}</div>",
        "<ul><li><b>时间：</b>2024年2月28日10:00</li><li><b>地点：</b>新闻发布厅</li></ul>",
        "<table><tr><td>时间</td><td>2024年2月28日10:00</td></tr><tr><td>地点</td><td>新闻发布厅</td></tr></table>",
        "<div>时间：2024-02-28 10:00　地点：新闻发布厅</div>",
        "<div>日期：2024-02-28</div><div>访谈嘉宾：周文斌</div>",
    ],
)
def test_the_time_beside_a_place_is_the_events(event: str) -> None:
    shown = article(above=f"{event}<div>2024-03-01 16:39　来源：青川发布</div>")
    assert (str(shown.published_at)[:16], shown.source) == ("2024-03-01 16:39", "青川发布")
    labelled = article(above=f"{event}<div>发布时间：2024-03-01 16:39</div>")
    assert (str(labelled.published_at)[:16], labelled.source) == ("2024-03-01 16:39", None)
    alone = article(above=event)
    assert (alone.published_at, alone.source) == (None, None)


def test_a_line_with_a_source_is_the_releases_also_beside_a_place() -> None:
    event = "<p>发布会时间：2024年2月28日10:00</p><p>发布会地点：新闻发布厅</p>"
    shown = article(above=f"{event}<p>日期：2024-03-01　来源：青川发布</p>")
    assert str(shown.published_at)[:10] == "2024-03-01"


@pytest.mark.parametrize(
    "line",
    [
        f"【青川日报记者 张伟】{ASKS}",
        f"[青川日报记者张伟]：{ASKS}",
        f"（青川日报记者 张伟）{ASKS}",
        f"问（青川日报记者 张伟）：{ASKS}",
        f"青川日报记者 张伟：{ASKS}",
        f"<b>青川日报记者 张伟：</b></p><p>{ASKS}",
        f"青川日报记者 张伟</p><p>{ASKS}",
        f"［青川广播电视台记者 张伟］</p><p>{ASKS}",
        f"记者提问（张伟）</p><p>{ASKS}",
        f"提问记者：青川日报 张伟</p><p>{ASKS}",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_who_asks_at_a_press_conference_wrote_nothing(line: str, *, first: bool) -> None:
    asked = f"<p>{line}</p><p>市水务局局长 周文斌：</p><p>{TEXT[1]}</p>"
    opened = "" if first else f"<p>主持人 李红梅：</p><p>{TEXT[0]}</p>"
    release = read(
        f"<div><h1>{TITLE}</h1><p>2024-03-01 16:39　来源：青川发布</p><div>{opened}{asked}<p>李红梅：</p><p>{TEXT[2]}</p></div></div>"
    )
    assert release.author is None


def test_a_speaker_in_brackets_wrote_nothing() -> None:
    lines = f"【主持人 李红梅】{TEXT[0]}", f"【市水务局局长 周文斌】{TEXT[1]}", TEXT[2]
    assert read(f"<div><h1>{TITLE}</h1><div>{paragraphs(*lines)}</div></div>").author is None


def test_a_writer_before_a_question_is_one() -> None:
    """In a feature without speakers, where a lead speaks of a problem, and above an interview."""
    lead = f"（本报记者 张伟）针对群众反映的用水问题，{TEXT[0]}"
    talk = (
        "记者：下一步有哪些打算？",
        f"周文斌：{TEXT[0]}",
        "记者：还有呢？",
        f"周文斌：{TEXT[1]}",
    )
    for lines in (
        (lead, *TEXT),
        ("本报记者 张伟", "农民用水难不难？", *TEXT),
        ("本报记者 张伟", *talk),
    ):
        release = read(f"<div><h1>{TITLE}</h1><div>{paragraphs(*lines)}</div></div>")
        assert release.author == "张伟"


def test_a_box_above_the_headline_gives_no_source() -> None:
    box = "<div class='left'><h3>热点</h3><p>来源：新华社</p><p>作者：王强</p><p>2024-03-05 10:00</p></div>"
    info = "<p>2024年03月01日16:39　稿件来源： 青川发布　作者：张伟</p>"
    release = read(
        f"{box}<div><h1>{TITLE}</h1>{info}<div class='content'>{paragraphs(*TEXT)}</div></div>"
    )
    assert (release.source, release.author) == ("青川发布", "张伟")
    assert str(release.published_at)[:16] == "2024-03-01 16:39"


def test_a_document_block_whose_labels_head_its_columns() -> None:
    heads = ("索引号", "发文机构", "文号", "成文日期", "发布日期")
    values = ("QC-2024-001", "青川市水务局", "青水发〔2024〕9号", "2024-02-27", "2024-03-01")
    rows = ("".join(f"<td>{cell}</td>" for cell in cells) for cells in (heads, values))
    table = "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
    release = article(above=table)
    document = release.document
    assert document is not None
    assert (document.index_number, document.issuer) == ("QC-2024-001", "青川市水务局")
    assert (document.number, document.written_on) == ("青水发〔2024〕9号", dt.date(2024, 2, 27))
    assert (str(release.published_at)[:10], release.source) == ("2024-03-01", None)


def test_values_of_a_document_block_end_before_the_next_labels_bracket() -> None:
    line = "【文号】青水发〔2024〕9号 【发文机关】青川市水务局 【发布日期】2024-03-01 【效力】有效"
    document = article(above=f"<div>{line}</div>").document
    assert document is not None
    assert (document.number, document.issuer) == ("青水发〔2024〕9号", "青川市水务局")


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("提灌站（资料图片，图源：青川发布）", "提灌站（资料图片）", "青川发布"),
        ("发布会现场（图源：青川发布，侵删）", "发布会现场", "青川发布"),
        ("发布会现场。（图片由市水务局提供）", "发布会现场。", "市水务局"),
        ("水库大坝。（青川日报记者 张伟 摄影报道）", "水库大坝。", "青川日报记者 张伟"),
        ("航拍的水库。记者 张伟摄影报道", "航拍的水库。", "记者 张伟"),
        ("工人在施工（无人机照片）。新华社发（张伟 摄）", "工人在施工（无人机照片）。", "新华社发 张伟"),
        ("发布会现场。（中新社发 张伟 摄）", "发布会现场。", "中新社发 张伟"),
    ],
)  # fmt: skip
def test_captions_and_credits(line: str, caption: str, credit: str) -> None:
    picture = "<p style='text-align:center'><img src='/u/1.jpg'></p>"
    release = article(inside=f"{picture}<p style='text-align:center'>{line}</p>")
    assert [(one.caption, one.credit) for one in release.images] == [(caption, credit)]


def test_a_sentence_below_a_picture_stays_text() -> None:
    line = "这些照片由市档案馆提供，记录了水库的建设过程。"
    release = article(inside=f"<p><img src='/u/1.jpg'></p><p>{line}</p>")
    assert release.paragraphs[-1] == line


def test_the_sign_of_a_linked_file_is_no_picture() -> None:
    release = article(
        below="<ul><li><img src='/i/pdf.gif'><a href='/u/1.pdf'>方案全文</a></li></ul>"
    )
    assert (release.images, len(release.attachments)) == ((), 1)


def test_figures_of_a_table_and_the_heading_of_an_annex_are_text() -> None:
    rows = "<tr><td>指标</td><td>2023年</td></tr><tr><td rowspan=2>供水</td><td>12</td><td>13</td></tr><tr><td>14</td><td>15</td></tr>"
    release = article(inside=f"<table>{rows}</table><p>附件</p><p>节水行动方案</p><p>{TEXT[1]}</p>")
    assert release.paragraphs[len(TEXT) + 2 :] == ("14\t15", "附件", "节水行动方案", TEXT[1])


@pytest.mark.parametrize(
    "line",
    [
        "2024-03-01",
        "青川日报　2024年3月1日　星期五",
        "二〇二四年三月一日　来源：青川日报",
        "<em>青川融媒</em><em>2024-03-01 09:12</em><em>阅读 1234</em>",
        "<em>青川融媒</em><em>03-01 09:12</em><em>阅读 1.2万</em>",
    ],
)
def test_a_day_below_the_headline_is_no_text(line: str) -> None:
    release = read(
        f"<div class='m'><h1>{TITLE}</h1><div>{line}</div><div class='c'>{paragraphs(*TEXT)}</div></div>",
        url="http://a.cn/202403/c_1.html",
    )
    assert (release.paragraphs, str(release.published_at)[:10]) == (TEXT, "2024-03-01")


def test_rows_of_other_articles_that_begin_with_their_day() -> None:
    rows = "".join(
        f"<p>2024-03-0{day} <a href='/{day}.html'>市委召开会议研究第{day}项工作</a></p>"
        for day in (2, 3)
    )
    release = article(below=f"<div class='list'>{rows}</div>")
    assert (release.paragraphs, release.published_at) == (TEXT, None)


def test_the_hour_of_issue_of_a_release_of_hong_kong() -> None:
    release = read(
        f"<div><h1>{TITLE}</h1><div>{paragraphs(*TEXT)}<p>完</p></div><div>2024年3月1日（星期五）<br>香港時間16時39分</div></div>",
        url="http://www.info.gov.hk/gia/general/202403/01/P2024030100456.htm",
    )
    assert (str(release.published_at)[:16], release.published_precision) == (
        "2024-03-01 16:39",
        "minute",
    )


def test_labels_of_an_english_page() -> None:
    info = "<div>Updated: Mar 1, 2024 16:39 By: Zhang Wei Source: Qingchuan Daily</div>"
    told = "The city government held a press conference on February 28 on achievements in water conservancy."
    head = "<title>Qingchuan holds press conference - Qingchuan Government</title>"

    def page(line: str) -> str:
        return f"<div><h1>Qingchuan holds press conference</h1>{line}<div><p>{told}</p><p>{told} It was said.</p></div></div>"

    release = read(page(info), head=head, url="http://en.a.cn/news/202403/01/c_1.htm")
    assert (release.source, release.author) == ("Qingchuan Daily", "Zhang Wei")
    assert (str(release.published_at)[:16], len(release.paragraphs)) == ("2024-03-01 16:39", 2)
    far = read(page("<div>Publish Date: 2024-03-01 From: Qingchuan Government</div>"), head=head)
    assert far.source == "Qingchuan Government"


def test_a_metas_bare_day_gives_way_to_the_clock_of_another() -> None:
    head = f"<title>{TITLE}</title><meta name='publishdate' content='2024-03-01'><meta property='og:release_date' content='{{}}'>"
    for stated, told in (("2024-03-01 16:39", "16:39"), ("2024-03-02 16:39", "00:00")):
        release = read(
            f"<div><h1>{TITLE}</h1><div>{paragraphs(*TEXT)}</div></div>", head=head.format(stated)
        )
        assert str(release.published_at)[:16] == f"2024-03-01 {told}"


@pytest.mark.parametrize(
    "info",
    [
        "<div>联系单位：市水务局　2024-03-01</div>",
        "<div>咨询单位： 青川市水务局　　日期： 2024-03-01</div>",
        "<div><span>采购单位</span><span>市水务局</span><span>2024-03-01</span></div>",
        "<div>数据来源：市统计局　2024-03-01</div>",
        "<div>图片来源：青川发布　2024-03-01</div>",
        "<div>审核 青川市水务局 2024-03-01</div>",
        "<div>技术支持单位：青川网 2024-03-01</div>",
        "<ul><li>2024-03-01</li><li><span>主办单位</span><span>青川市水务局</span></li></ul>",
        "<div>2024-03-01</div><div>主管部门 青川市水务局</div>",
        "<table><tr><td>征集单位</td><td>青川市水务局</td><td>发布日期</td><td>2024-03-01</td></tr></table>",
    ],
)
def test_an_office_behind_another_label_is_no_source(info: str) -> None:
    release = article(above=info)
    assert (release.source, str(release.published_at)[:10]) == (None, "2024-03-01")


@pytest.mark.parametrize(
    "info",
    [
        "发布时间：2024-03-01 青川日报",
        "青川日报　发布时间：2024-03-01",
        "青川日报 2024-03-01 发布于四川",
    ],
)
def test_a_medium_beside_the_dates_label(info: str) -> None:
    release = article(above=f"<div>{info}</div>")
    assert (release.source, str(release.published_at)[:10]) == ("青川日报", "2024-03-01")


@pytest.mark.parametrize(
    "place",
    ["{{article.source}}", "${source}", "[请选择]", "admin"],
)
def test_a_place_that_no_script_filled_says_nothing(place: str) -> None:
    release = read(
        f"<div><h1>{place}</h1><p>2024-03-01 来源：{place} 作者：{place}</p><div>{paragraphs(*TEXT)}</div></div>",
    )
    assert (release.source, release.author, release.editor) == (None, None, None)
    if "{" in place:
        assert release.title == TITLE


@pytest.mark.parametrize(
    ("line", "author", "editor"),
    [
        ("<p>2024-03-01 作者：张伟、李娜；通讯员：王磊</p>", "张伟 李娜 王磊", None),
        ("<p>2024-03-01 供稿：水政科 王磊</p>", "王磊", None),
        ("<p>2024-03-01 供稿：计财股 王磊</p>", "王磊", None),
        ("<dl><dt>来源</dt><dd>青川日报</dd><dt>作者</dt><dd>张伟</dd><dt>责任编辑</dt><dd>马丽</dd></dl>", "张伟", "马丽"),
    ],
)  # fmt: skip
def test_people_behind_labels(line: str, author: str, editor: str | None) -> None:
    release = article(above=line)
    assert (release.author, release.editor) == (author, editor)


def test_a_date_below_a_document_block_is_the_releases() -> None:
    table = (
        "<table><tr><td>发文机关：</td><td>青川市水务局</td><td>文号：</td><td>青水发〔2024〕9号</td></tr>"
        "<tr><td>索引号：</td><td></td><td>成文日期：</td><td>2024-02-27</td></tr></table>"
    )
    release = read(
        f"<div class='m'><h1>{TITLE}</h1>{table}<div>2024-03-01 16:39 来源：市水务局</div><div class='c'>{paragraphs(*TEXT)}</div></div>"
    )
    assert (str(release.published_at)[:16], release.source) == ("2024-03-01 16:39", "市水务局")
    assert release.paragraphs == TEXT
    beside = article(above="<div><span>成文日期</span><span>2024-02-27</span></div>")
    assert beside.published_at is None


def test_rows_of_a_document_block_with_a_time_are_no_text() -> None:
    rows = "<tr><td>发布机构：</td><td>青川市水务局</td><td>发文日期：</td><td>2024-02-27 10:20</td></tr><tr><td>文 号：</td><td>青水发〔2024〕9号</td></tr>"
    release = read(
        f"<div class='m'><h1>{TITLE}</h1><table>{rows}</table><div class='c'>{paragraphs(*TEXT)}</div></div>"
    )
    assert release.paragraphs == TEXT


@pytest.mark.parametrize(
    ("begun", "region"),
    [
        ("四川在线记者 张伟报道", ()),
        ("北京青年报记者 张伟报道", ()),
        ("浙江新闻客户端6月12日讯", ()),
        ("重庆晨报6月12日讯", ()),
        ("四川新闻发布会6月12日举行", ("510000",)),
        ("四川在线上举行签约仪式", ("510000",)),
        ("四川发布暴雨预警", ("510000",)),
    ],
)
def test_the_name_of_a_medium_is_no_place(begun: str, region: tuple[str, ...]) -> None:
    lines = paragraphs(f"{begun}，研究部署内涝点整治工作。会议指出，已完成改造37处。", *TEXT[1:])
    assert read(f"<div><h1>{TITLE}</h1><div>{lines}</div></div>").region == region


def test_a_centred_heading_below_a_picture_is_no_caption() -> None:
    centred = "<p style='text-align:center'>"
    release = article(inside=f"{centred}<img src='/u/1.jpg'></p>{centred}<b>二、主要成就</b></p>")
    assert (release.images[0].caption, release.paragraphs[-1]) == (None, "二、主要成就")


def test_where_the_text_is_centred_its_lines_are_no_captions() -> None:
    lines = "".join(
        f"<p align='center'><img src='/u/{at}.jpg'></p><p align='center'>{text}</p>"
        for at, text in enumerate(TEXT)
    )
    release = read(f"<div><h1>{TITLE}</h1><p>2024-03-01 来源：青川发布</p><div>{lines}</div></div>")
    assert release.paragraphs == TEXT
    assert [image.caption for image in release.images] == [None] * len(TEXT)


@pytest.mark.parametrize(
    "inside",
    [
        "<p align='center'><img src='/uploads/g.jpg'></p><p align='center'>长按识别二维码关注我们</p>",
        "<div><div><a href='/sw/71.html'><img src='/u/1.jpg'><span>防汛演练在青川举行</span></a></div><div><a href='/sw/72.html'><img src='/u/2.jpg'><span>青川水库风光无限</span></a></div></div>",
    ],
)
def test_codes_and_teasers_below_the_text_are_no_pictures_of_it(inside: str) -> None:
    release = article(inside=inside)
    assert (release.images, release.paragraphs[: len(TEXT)]) == ((), TEXT)
    assert all("演练" not in line and "水库" not in line for line in release.paragraphs[3:])


@pytest.mark.parametrize(
    "line",
    ["郑重声明", "方案附后", "名单略", "单位盖章", "公章", "高清组图", "于上海", "温州", "黄山", "施行", "余额"],
)  # fmt: skip
def test_words_in_brackets_at_the_end_are_no_names(line: str) -> None:
    assert article(inside=f"<p>（{line}）</p>").author is None


def test_who_the_text_tells_of_is_no_byline() -> None:
    told = f"市民王建国说，{TEXT[0]}"
    lines = paragraphs(told, *TEXT[1:], "（王建国）")
    assert read(f"<div><h1>{TITLE}</h1><div>{lines}</div></div>").author is None
    assert article(inside="<p>（王建国）</p>").author == "王建国"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("作者简介：张伟，青川人。", None),
        ("（新华社记者张伟参与采写）", "张伟"),
        ("金台资讯 记者张伟", "张伟"),
    ],
)
def test_what_is_said_of_an_author(line: str, author: str | None) -> None:
    assert article(inside=f"<p>{line}</p>").author == author


@pytest.mark.parametrize(
    ("below", "editor"),
    [
        ("<div>责任编辑：</div><div><a href='/2.html'>上一篇</a></div>", None),
        ("<div>责任编辑：</div><div>相关新闻</div>", None),
        ("<div>责任编辑：</div><div><a href='/2.html'>市委召开会议</a></div>", None),
        ("<div>责任编辑：</div><div>马丽</div>", "马丽"),
        ("<div>责任编辑：马丽来源：青川日报</div>", "马丽"),
        ("<div>责任编辑：马丽审核：周涛</div>", "马丽"),
    ],
)
def test_an_empty_label_takes_no_way_on(below: str, editor: str | None) -> None:
    assert article(below=below).editor == editor


def test_an_editor_behind_what_the_writers_did() -> None:
    lead = f"本报讯（记者 张伟 实习生 李娜 文/图 编辑 马丽）{TEXT[0]}"
    release = read(f"<div><h1>{TITLE}</h1><div>{paragraphs(lead, *TEXT[1:])}</div></div>")
    assert (release.author, release.editor) == ("张伟 李娜", "马丽")


@pytest.mark.parametrize(
    ("info", "day"),
    [
        ("创建时间：2024-02-27 发布时间：2024-03-01 修改时间：2024-03-05", "2024-03-01"),
        ("上传时间：2024-02-27 10:00　发布时间：2024-03-01", "2024-03-01"),
        ("上传时间：2024-03-01", "2024-03-01"),
        ("初次发布：2024-03-01 最后更新：2024-03-05", "2024-03-01"),
        ("发布时间：1970-01-01 08:00", "None"),
    ],
)
def test_of_several_times_the_one_of_publication(info: str, day: str) -> None:
    assert str(article(above=f"<div>{info}</div>").published_at)[:10] == day


def test_the_box_of_another_document_is_not_the_releases() -> None:
    box = "<div><p>文号：青政发〔2023〕5号</p><p>发布机构：市政府</p><p>索引号：X-1</p></div>"
    assert article(below=box).document is None
    document = article(above=box).document
    assert document is not None
    assert document.number == "青政发〔2023〕5号"


def test_a_number_that_was_never_filled_in() -> None:
    document = article(above="<div>文号：青水发〔2024〕 号　索引号：QC-001</div>").document
    assert document is not None
    assert (document.number, document.index_number) == (None, "QC-001")


def test_a_source_ends_before_any_other_label() -> None:
    info = "信息来源：水政科 内容概述：会议召开　2024-03-01"
    assert article(above=f"<div>{info}</div>").source == "水政科"


def test_a_date_below_a_row_that_says_nothing_of_days() -> None:
    table = "<table><tr><td>索引号</td><td>000</td><td>文号</td><td>-</td></tr></table>"
    release = article(above=f"{table}<div>2024-03-01 16:39　来源：青川发布</div>")
    assert str(release.published_at)[:16] == "2024-03-01 16:39"


@pytest.mark.parametrize(
    ("below", "count"),
    [
        (
            "<div><h3>推荐阅读</h3><ul><li><a href='/u/old.pdf'>2023年年报.pdf</a></li></ul></div>",
            0,
        ),
        ("<div><h3>相关链接</h3><a href='/u/old.doc'>旧方案.doc</a></div>", 0),
        ("<p><a href='/guide/app.zip'>阅读器下载</a></p>", 0),
        ("<div><h3>相关附件</h3><a href='/u/1.doc'>方案.doc</a></div>", 1),
        ("<div>附件：</div><ul><li><a href='/u/1.doc'>方案.doc</a></li></ul>", 1),
    ],
)
def test_files_of_boxes_below_the_text(below: str, count: int) -> None:
    assert len(article(below=below).attachments) == count


def test_who_attends_in_a_sentence_makes_no_event_of_a_date() -> None:
    lines = f"<p>时间：2024-03-01 16:39</p><p>{TEXT[0]}</p><p>市长王建国、 李明 出席会议</p><p>{TEXT[1]}</p>"
    release = read(f"<div><h1>{TITLE}</h1>{lines}</div>")
    assert str(release.published_at)[:16] == "2024-03-01 16:39"


@pytest.mark.parametrize(
    ("value", "author"),
    [("张伟等", "张伟"), ("张伟 李娜等人", "张伟 李娜"), ("张伟　责任人：李娜", "张伟"), ("张伟　拟稿：李娜", "张伟")],
)  # fmt: skip
def test_where_an_author_ends(value: str, author: str) -> None:
    release = article(above=f"<div>2024-03-01　来源：青川发布　作者：{value}</div>")
    assert (release.author, release.source) == (author, "青川发布")


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("水务局办公室 王磊", "水务局办公室"),
        ("青川日报/张伟", "青川日报"),
        ("青川日报/青川网", "青川日报/青川网"),
        ("青川市水务局 水政科", "青川市水务局 水政科"),
        ("青川融媒 责任编辑", "青川融媒"),
        ("市水务局 更新时间 2024-02-27", "市水务局"),
        ("青川发布 13:30", "青川发布"),
        ("青川发布 T|T", "青川发布"),
        ("青川日报 04版", "青川日报"),
        ("青川网 www.qc.cn", "青川网"),
        ("原创 青川发布", "青川发布"),
        ("微信公众号：青川发布", "青川发布"),
    ],
)
def test_what_is_left_behind_a_source(value: str, source: str) -> None:
    release = article(above=f"<div>发布时间：2024-03-01　来源：{value}</div>")
    assert (release.source, str(release.published_at)[:10]) == (source, "2024-03-01")


@pytest.mark.parametrize(
    ("info", "source", "author", "editor", "day"),
    [
        ("時間：2024-03-01 撰文：陳大文　攝影：李小明　責任編輯：王美麗", None, "陳大文", "王美麗", "2024-03-01"),
        ("文章來源：澳門日報　編輯：陳大文", "澳門日報", None, "陳大文", "None"),
        ("發佈日期：2024年03月01日　發佈單位：渠務署", "渠務署", None, None, "2024-03-01"),
        ("更新時間：2024-03-05", None, None, None, "None"),
    ],
)  # fmt: skip
def test_labels_in_full_signs(
    info: str, source: str | None, author: str | None, editor: str | None, day: str
) -> None:
    release = article(above=f"<div>{info}</div>")
    assert (release.source, release.author, release.editor) == (source, author, editor)
    assert (str(release.published_at)[:10], release.paragraphs) == (day, TEXT)
