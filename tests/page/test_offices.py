"""Pages of government offices: who issued a release, and where their templates put it."""

from __future__ import annotations

import pytest

from tests.page.article import TEXT, article, paragraphs, read


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("时间：2024-05-06 来源：中小企业处 字体：大中小", "中小企业处"),
        ("来源：青川日报 大 中 小", "青川日报"),
        ("2024-05-06 来源：青川日报　文/王建国 图/刘德海", "青川日报"),
        ("2024-05-06 10:20　来源：青川日报　Font Size: <a>A+</a> <a>A-</a>", "青川日报"),
        ("2024-05-06（来源：青川发布）Views: 120 Print", "青川发布"),
        ("<li>信息提供：青川日报社</li><li>2024-05-06</li>", "青川日报社"),
        ("<li>报送单位：市水务局</li><li>2024-05-06</li>", "市水务局"),
        ("2024-05-06 来" + "&nbsp;" * 6 + "源：市水务局", "市水务局"),
        ("〖2024-05-06〗〖来源：青川日报〗", "青川日报"),
    ],
)
def test_where_a_source_ends(line: str, source: str) -> None:
    assert article(above=f"<ul>{line}</ul>").source == source


@pytest.mark.parametrize(
    ("line", "source", "author"),
    [
        ("2024-05-06 <span>供稿：机关党委</span>", "机关党委", None),
        ("2024-05-06 <span>供稿：宣传科 柳青</span>", None, "柳青"),
        ("2024-05-06 <span>供稿：柳青</span>", None, "柳青"),
        ("2024-05-06 <span>来源：青川日报</span> <span>供稿：宣传科</span>", "青川日报", None),
    ],
)
def test_an_office_that_supplied_the_text(
    line: str, source: str | None, author: str | None
) -> None:
    release = article(above=f"<p>{line}</p>")
    assert (release.source, release.author) == (source, author)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("<time>2024-05-06 10:20</time> <em>青川区应急管理局</em>", "青川区应急管理局"),
        ("2024.05.06 星期一 10:20 | 市科协科普部", "市科协科普部"),
        ("<ul><li>2024-05-06 10:20</li><li>区应急管理局</li><li>102</li></ul>", "区应急管理局"),
        ("<ul><li>2024-05-06</li><li>发布机构</li><li>区应急管理局</li></ul>", None),
        ("<p>市领导到访区应急管理局</p><p>2024-05-06</p>", None),
        (
            "<ul><li>来源</li><li>区应急管理局</li><li>阅读</li><li>2024-05-06</li></ul>",
            "区应急管理局",
        ),
        ("<ul><li>2024-05-06</li><li>来源</li><li>作者</li><li>阅读</li></ul>", None),
        ("<i>发布机构：青川区应急管理局</i><i>2024-05-06</i>", None),
        ("<i>编辑：人大办公室</i><i>2024-05-06</i>", None),
        ("<i>2024-05-06</i><i>青川区人民政府</i>", None),
    ],
)
def test_an_office_beside_the_date_without_a_label(line: str, source: str | None) -> None:
    head = "<title>内涝点整治提速</title><meta name='SiteName' content='青川区人民政府'>"
    text = f"<h1>内涝点整治提速</h1><p>{line}</p><div>{paragraphs(*TEXT)}</div>"
    assert read(f"<div>{text}</div>", head=head).source == source


def test_labels_alone_in_their_elements_beside_the_text() -> None:
    column = "<dl><dt>发布时间</dt><dd>2024-05-06</dd><dt>信息来源</dt><dd>区应急管理局</dd></dl>"
    release = article(below=f"<div>{column}</div>")
    assert release.source == "区应急管理局"
    assert release.published_at is not None
    assert release.published_at.date().isoformat() == "2024-05-06"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("（青川县人民检察院  柳 青）", "柳青"),
        ("（市水务局　柳青　程明）", "柳青 程明"),
        ("（青川县人民检察院）", None),
        ("（此件公开发布）", None),
    ],
)
def test_the_named_and_their_office_at_the_end(line: str, author: str | None) -> None:
    assert article(inside=f"<p>{line}</p>").author == author


def test_a_title_that_names_the_column_yields_to_the_heading() -> None:
    text = f"<h2>市政协开展送医下乡活动</h2><div>{paragraphs(*TEXT)}</div>"
    release = read(f"<div>{text}</div>", head="<title>青川市政协 委员风采</title>")
    assert release.title == "市政协开展送医下乡活动"
    assert release.paragraphs == TEXT


def test_a_headline_parted_from_the_date_by_a_line_break() -> None:
    line = "<span>县教育局研究校园安全工作</span><br><span>[ 2013-04-26 ]</span> 阅读 31 次"
    markup = f"<div>{line}<div>{paragraphs(*TEXT)}</div></div>"
    assert read(markup, head="<title>青川教育网</title>").title == "县教育局研究校园安全工作"


def test_names_of_units_and_times_that_touch() -> None:
    line = "来源：市公安局作者：指挥中心　叶霖发布时间：2014-09-17 10:05:12浏览次数：34"
    release = article(above=f"<p>{line}</p>")
    assert (release.source, release.author) == ("市公安局", "叶霖")
    assert release.published_at is not None
    assert release.published_at.strftime("%Y-%m-%d %H:%M") == "2014-09-17 10:05"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("作者：李  浩  燃", "李浩燃"),
        ("作者：李 浩 张 盐", "李浩 张盐"),
        ("作者：李 浩 张盐青", "李浩 张盐青"),
    ],
)
def test_a_name_spread_over_its_signs(line: str, author: str) -> None:
    assert article(above=f"<p>{line}</p>").author == author


def test_a_list_of_names_below_a_table_of_labels() -> None:
    rows = (
        "<tr><td>索 引 号：</td><td>01/2019</td><td>公开责任部门：</td><td>市政府办</td></tr>"
        "<tr><td>发文日期：</td><td>2019-09-03</td><td>公开日期：</td><td>2019-09-05</td></tr>"
    )
    lines = ("各县区人民政府：", "李浩同志任市统计局副局长；", "免去程明同志的市水务局副局长职务。")
    release = read(
        f"<div><table>{rows}</table><h2>关于李浩等同志任免职的通知</h2>"
        "<div>2019-09-05 11:22　来源：市政府办公室　<span>字体：[大 中 小]</span></div>"
        f"<div>{paragraphs(*lines)}</div></div>",
        head="<title>关于李浩等同志任免职的通知</title>",
    )
    assert release.source == "市政府办公室"
    assert release.published_at is not None
    assert release.published_at.strftime("%Y-%m-%d %H:%M") == "2019-09-05 11:22"
    assert release.paragraphs == lines


def test_a_bare_day_right_below_the_headline_and_a_list_beside_it() -> None:
    long = ("".join(TEXT * 2), *TEXT)
    column = (
        "<td>推荐阅读<br><a href='1.html'>全局召开安全会议</a> 2016-10-08<br>"
        "<a href='2.html'>运动会开幕</a> 2016-10-05<br></td>"
    )
    text = (
        f"<div><b>内涝点整治提速</b></div><div>（2016-09-22　阅读176次）</div>{paragraphs(*long)}"
    )
    release = read(f"<table><tr>{column}<td>{text}</td></tr></table>")
    assert release.published_at is not None
    assert release.published_at.date().isoformat() == "2016-09-22"
    assert release.paragraphs == long


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("/pic/large.jpg", True),
        ("/viewer.shtml?/pic/large.jpg", True),
        ("/photo/2231.html", True),
        ("http://a.cn/1_2.html", True),
        ("javascript:;", True),
        ("/zt/index.html", False),
        ("/zt/", False),
        ("http://b.cn/", False),
    ],
)
def test_a_picture_that_leads_to_another_page_is_none_of_the_article(
    href: str, *, kept: bool
) -> None:
    release = article(inside=f"<p><a href='{href}'><img src='/upload/1234.jpg'></a></p>")
    assert [image.url for image in release.images] == ["http://a.cn/upload/1234.jpg"] * kept


def test_pictures_between_the_labels_and_the_text() -> None:
    label = "<p>来源：青川日报　发布时间：2024-05-06</p>"
    slider = "<li><img src='/pic/2024/1.jpg'></li><li><img src='/pic/2024/2.jpg'></li>"
    text = f"<div class='TRS_Editor'>{paragraphs(*TEXT)}</div>"
    heading = "<h1>内涝点整治提速</h1>"
    assert len(read(heading + label + slider + text).images) == 2
    assert not read(heading + slider + label + text).images
    assert not read(heading + label + slider.replace("pic", "images") + text).images


def test_a_documents_day_where_no_other_is_shown() -> None:
    lines = "<p>索 引 号：bm01/2019-01</p><p>{}：2019年05月15日</p>"
    release = article(above=lines.format("发文日期"), url="http://a.cn/content.shtml")
    assert release.published_at is not None
    assert release.published_at.date().isoformat() == "2019-05-15"
    both = lines.format("成文日期") + "<p>发布日期：2019-05-20</p>"
    shown = article(above=both, url="http://a.cn/content.shtml").published_at
    assert shown is not None
    assert shown.date().isoformat() == "2019-05-20"


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("<time datetime='2023-03-11T07:20:00+08:00'>03-11 07:20</time>", "2023-03-11 07:20"),
        ("时间：2022年11月 3日 16时5分", "2022-11-03 16:05"),
    ],
)
def test_moments_as_templates_write_them(line: str, at: str) -> None:
    found = article(above=f"<p>{line}</p>").published_at
    assert found is not None
    assert found.strftime("%Y-%m-%d %H:%M") == at


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("<div><img src='/zh/code.jsp?id=221'><br>扫一扫在手机打开当前页</div>", 0),
        ("<p><img src='/up/1.png'></p><p>微信扫码激活医保电子凭证</p>", 1),
        ("<p><img src='/images/attach.png'><a href='a.pdf'>调研方案.pdf</a></p>", 0),
        ("<p><img src='/up/1.png'></p><p><a href='a.pdf'>调研方案.pdf</a></p>", 1),
        ("<p><img src='/images/2024/1.png'></p><p>调研现场。</p>", 1),
    ],
)
def test_codes_to_scan_and_icons_before_files(markup: str, kept: int) -> None:
    assert len(article(inside=markup).images) == kept


def test_a_question_about_the_page_is_no_text() -> None:
    line = "<div>您认为这篇文章：<label>有用</label><label>没用</label> <a href='/s'>提交</a></div>"
    assert article(inside=line).paragraphs == TEXT
    said = "<p>您认为这篇报道所说的措施，下一步还应当补充什么内容？欢迎来信。</p>"
    assert len(article(inside=said).paragraphs) == 4


@pytest.mark.parametrize(
    "cell",
    [
        "<table><tr><td>内涝点整治提速</td></tr><tr><td>{0}</td></tr><tr><td>{1}</td></tr></table>",
        "<div>内涝点整治提速</div><div>{0}</div>{1}",
    ],
)
def test_a_row_that_lays_out_a_menu_and_a_short_text(cell: str) -> None:
    text = cell.format("【信息时间：2019/3/5 阅读次数：】", paragraphs(*TEXT))
    menu = "<td>工作动态<br>机构设置</td>"
    release = read(f"<table><tr>{menu}<td>{text}</td></tr></table>")
    assert release.paragraphs == TEXT
    assert release.published_at is not None
