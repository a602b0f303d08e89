"""Who wrote, edited and issued a release: the forms in which pages say it."""

from __future__ import annotations

import pytest

from tests.page.article import TEXT, article, paragraphs, read


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("本报记者　韩　冰　实习生　丁小川", "韩冰 丁小川"),
        ("澎湃新闻记者 赵实", "赵实"),
        (
            "<span>2022-09-30 10:21</span><span>|</span><span>记者 孔令 通讯员 毛豆</span>",
            "孔令 毛豆",
        ),
        ("来源：云溪日报 2024-11-03 06:30 记者 霍青", "霍青"),
        ("本报记者霍青", "霍青"),
        ("来源：云溪日报 作者：admin", None),
        ("听全文 字号 超大 大 标准 小", None),
        ("记者站 青川市望江路1号", None),
        ("<i>作者：佘小曼</i><i>A+ A-</i>", "佘小曼"),
    ],
)
def test_author_in_the_lines_above_the_text(line: str, author: str | None) -> None:
    assert article(above=f"<p>{line}</p>").author == author


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("■ 本报记者 霍青 文/图", "霍青"),
        ("霍青 文/图", "霍青"),
        ("（总台记者 范进 实习记者 单小雨）", "范进 单小雨"),
        ("（文/图　刘䶮　孙晓）", "刘䶮 孙晓"),  # U+4DAE
        ("文 | 邓茜茜", "邓茜茜"),
        ("（供稿：县人民医院 史进）", "史进"),
        ("（市水务局供稿）", None),
    ],
)
def test_author_in_the_last_line(line: str, author: str | None) -> None:
    assert article(inside=f"<p>{line}</p>").author == author


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("（编辑 柏松）", "柏松"),
        ("编辑 | 马小跑", "马小跑"),
        ("[责编 章明]", "章明"),
        ("编辑 张树婧 校对 李项玲", "张树婧"),
        ("编辑部地址", None),
        ("编辑 制作", None),
        ("编辑 张三 zhang@qc.cn", "张三"),
        ("（编辑 张三 微信：zhangsan88）", "张三"),
        ("编辑 zhang@qc.cn", None),
        ("（文艺部编辑 张三）", "张三"),
        ("摄影中心编辑 张三", "张三"),
        ("编辑中心记者 张三", None),
        ("责任编辑：zhang@qc.cn", None),
        ("责任编辑：张三（zhang@qc.cn）", "张三"),
    ],
)
def test_editor_without_a_colon(line: str, editor: str | None) -> None:
    assert article(inside=f"<p>{line}</p>").editor == editor


def test_editor_among_the_roles_above_the_text() -> None:
    line = "<p>新江报 记者 王巍 编辑 张树婧 校对 李项玲</p>"
    release = article(above=line)
    assert (release.author, release.editor) == ("王巍", "张树婧")


def test_a_label_inside_quotation_marks_states_nothing() -> None:
    notice = "版权声明：凡本网注明“来源：青川网络广播电视台”的所有作品，未经授权不得转载。"
    assert article(inside=f"<p>{notice}</p>").source is None
    above = "<p>2023-10-19 07:58 青川广播电视台</p>"
    assert article(above=above, inside=f"<p>{notice}</p>").source == "青川广播电视台"


def test_a_medium_beside_a_date_without_a_year() -> None:
    above = "<div><span>青川日报客户端</span><span>07-25 08:12</span></div>"
    release = article(above=above, url="http://a.cn/2024/0725/1.html")
    assert release.source == "青川日报客户端"
    assert release.published_at is not None
    assert release.published_at.isoformat() == "2024-07-25T08:12:00+08:00"


def test_wechat_states_its_author_above_the_text() -> None:
    page = (
        '<h1 id="activity-name">内涝点整治提速</h1><div id="meta_content">'
        '<span class="rich_media_meta_text">邵小路</span><a id="js_name">青川发布</a>'
        '<em id="publish_time" class="rich_media_meta_text">昨天</em></div>'
        f'<div id="js_content">{paragraphs(*TEXT)}</div>'
    )
    release = read(page)
    assert (release.author, release.source) == ("邵小路", "青川发布")
    assert read(page.replace("邵小路", "")).author is None


@pytest.mark.parametrize(
    "line",
    [
        "本文来源于<a href='/'>青川日报</a>\u30002024-05-06 10:20",
        "<span class='source'>本文来自青川日报</span><span>2024-05-06 10:20</span>",
        "<span class='source'>本文来源于<a href='/'>青川日报</a></span>2024-05-06 10:20",
    ],
)
def test_what_a_text_is_taken_from_without_a_colon(line: str) -> None:
    assert article(above=f"<div>{line}</div>").source == "青川日报"


def test_a_portals_channel_beside_the_date_is_the_source() -> None:
    line = "<a href='/'>http://ent.a.cn</a> 2009年11月09日11:30 <a href='/y/'>腾讯音乐</a>"
    release = article(above=f"<div>{line} <a href='/c'>我要评论(<b>0</b>)</a></div>")
    assert release.source == "腾讯音乐"
    assert release.published_at is not None
    assert release.published_at.strftime("%Y-%m-%d %H:%M") == "2009-11-09 11:30"


def test_who_put_a_text_together_stands_above_it() -> None:
    assert article(above="<p>韩冰/整理</p><p>2020-05-06 10:20</p>").author == "韩冰"


@pytest.mark.parametrize("day", ["十一月 6th, 2009", "十一月 6, 2009"])
def test_a_day_with_the_months_name_before_it(day: str) -> None:
    release = article(above=f"<p><a href='/k'>其它</a> <span>{day}</span></p>")
    assert release.published_at is not None
    assert release.published_at.date().isoformat() == "2009-11-06"


def test_an_office_in_brackets_beside_the_date_is_the_source() -> None:
    line = "<h5><span>[省发改委]</span>&nbsp;&nbsp; 2016-04-01&nbsp; 字号：<a>T</a>|<a>T</a></h5>"
    assert article(above=line).source == "省发改委"
    assert article(above=line.replace("省发改委", "视频")).source is None


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("责编：章明 PN269", "章明"),
        ("责任编辑：NN098", "NN098"),
        ("责编：章明 李四海 ZX0012", "章明 李四海"),
    ],
)
def test_an_editors_number_is_no_name(line: str, editor: str) -> None:
    assert article(below=f"<p>{line}</p>").editor == editor
