"""Which part of a page is the article, whatever stands around it."""

from __future__ import annotations

import pytest

from tests.page.article import TEXT, article, paragraphs, read


def test_a_label_line_below_a_short_text_does_not_behead_it() -> None:
    release = article(inside="<p>来源：青川发布</p><p>记者：石磊&nbsp; 编辑：苗苗</p>")
    assert release.paragraphs[:3] == TEXT
    assert (release.source, release.author, release.editor) == ("青川发布", "石磊", "苗苗")


def test_labels_of_an_event_are_text() -> None:
    lines = ("为丰富文化生活，图书馆将举办公益体验课，现招募二十组家庭。", "时间：2024年12月7日 14:00", "地点：三楼多功能厅")  # fmt: skip
    page = f"<h1>体验课招募公告</h1><p>发布时间：2024-11-20</p><div>{paragraphs(*lines)}</div>"
    release = read(page)
    assert release.paragraphs == lines
    assert release.published_at is not None
    assert release.published_at.date().isoformat() == "2024-11-20"


@pytest.mark.parametrize(
    "item",
    [
        '<div><a href="/{0}">{1}</a><p>{2}</p></div>',
        '<li><a href="/{0}">{1}</a><p>{2}</p></li>',
        '<p><a href="/{0}">{1}</a></p><p>{2}</p>',
    ],
)
def test_summaries_of_other_articles_weigh_little(item: str) -> None:
    items = "".join(item.format(n, f"别的新闻第{n}条标题", text) for n, text in enumerate(TEXT * 5))
    own = "眼下正是秋粮收获的关键时期，十余台联合收割机在田间来回穿梭。"
    texts = (own, own + "稻谷运往烘干中心。")
    line = "<p>2022年11月10日 10:00 青川新闻网</p>"
    page = f"<div><h1>秋收正忙</h1>{line}<div>{paragraphs(*texts)}</div></div><div>{items}</div>"
    release = read(page, head="<title>秋收正忙</title>")
    assert release.paragraphs == texts
    assert release.source == "青川新闻网"


def test_a_link_around_a_table_harms_nothing() -> None:
    table = "<table><tr><td>一</td><td>二</td></tr></table>"
    release = article(inside=f"<a href='/x.html'>{table}</a>")
    assert release.paragraphs[:3] == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "听全文 字号 超大 大 标准 小",
        "【打印】【关闭】【分享】",
        "------分隔线----------------------------",
        "点击播报本文，约 2 分钟",
        "＊　＊　＊",
    ],
)
def test_buttons_and_rules_are_no_text(line: str) -> None:
    markup = f"<h1>内涝点整治提速</h1><div><p>{line}</p>{paragraphs(*TEXT)}<p>{line}</p></div>"
    assert read(markup).paragraphs == TEXT


def test_a_summary_that_the_text_repeats_is_no_text() -> None:
    markup = f"<h1>内涝点整治提速</h1><div><p>摘要：{TEXT[0]}</p>{paragraphs(*TEXT)}</div>"
    assert read(markup).paragraphs == TEXT


def test_an_address_that_ends_with_its_query_is_a_picture() -> None:
    address = "https://img.example.cn/?url=http%3A%2F%2Fa.cn%2Fb.png&amp;w=660"
    release = article(inside=f'<p><img src="{address}"></p>')
    assert [image.url for image in release.images] == [address.replace("&amp;", "&")]


def test_a_comment_mark_inside_a_tables_row_harms_nothing() -> None:
    row = "<table><tr><td>一</td><td>二</td><td>三<!--contentend--></td></tr></table>"
    release = read(f"<h1>内涝点整治提速</h1><!--contentstart-->{paragraphs(*TEXT)}{row}")
    assert release.paragraphs == (*TEXT, "一\t二\t三")


def test_a_dated_list_above_gives_no_date() -> None:
    rows = "".join(f'<li><a href="/{n}">春季招聘会{n}</a><span>2023-04-0{n}</span></li>' for n in (1, 2))  # fmt: skip
    markup = f"<ul>{rows}</ul><h1>内涝点整治提速</h1>{paragraphs(*TEXT)}"
    assert read(markup).published_at is None


def test_menus_inside_the_container_go() -> None:
    menu = "".join(f"<div>{word}</div>" for word in ("信息公开", "办事服务", "互动交流") * 9)
    line = "<div>日期：2023-11-16 10:32 来源：青川日报 字号：【大 中 小】</div>"
    foot = "<div>▪ 上一篇：</div><div>4,060 条评论</div><div>写得真好，支持一下。</div>"
    markup = f"<div>{menu}<div>内涝点整治提速</div>{line}{paragraphs(*TEXT)}{foot}</div>"
    release = read(markup)
    assert release.paragraphs == TEXT
    assert release.source == "青川日报"


def test_a_box_of_links_in_the_middle_does_not_end_the_text() -> None:
    box = '<h4>相关报道</h4><ul><li><a href="/1">全市防汛会议召开</a></li><li><a href="/2">水库调度</a></li></ul>'
    markup = f"<h1>内涝点整治提速</h1><div>{paragraphs(*TEXT[:2])}<div>{box}</div>{paragraphs(TEXT[2])}</div>"
    assert read(markup).paragraphs == TEXT


def test_summaries_behind_a_heading_end_the_text() -> None:
    items = "".join(f'<div><a href="/{n}">别的新闻第{n}条标题</a><p>{TEXT[0]}第{n}条。</p></div>' for n in range(3))  # fmt: skip
    markup = (
        f"<h1>内涝点整治提速</h1><div>{paragraphs(*TEXT, *TEXT[1:])}<h4>相关报道</h4>{items}</div>"
    )
    assert len(read(markup).paragraphs) == 5


def test_a_hidden_copy_that_comes_first_hides_nothing() -> None:
    copy = f"<div style='display:none'>{paragraphs(*TEXT)}</div>"
    release = read(f"{copy}<div><h1>内涝点整治提速</h1><div>{paragraphs(*TEXT)}</div></div>")
    assert release.paragraphs == TEXT


def test_pictures_with_captions_are_an_article_beside_a_dated_list() -> None:
    pictures = "".join(
        f'<p align="center"><img src="/{n}.jpg"></p><p align="center">稻田里的收割机正在作业之{n}。</p>'
        for n in range(3)
    )
    rows = "".join(
        f'<li><a href="/r{n}.html">全市重点项目建设推进会召开之{n}</a><span>2024-10-0{n}</span></li>'
        for n in range(1, 7)
    )
    line = "<p>2021-10-13 09:30 来源：青川日报</p>"
    release = read(f"<div><h1>内涝点整治提速</h1>{line}<div>{pictures}</div></div><ul>{rows}</ul>")
    assert [image.url for image in release.images] == [f"http://a.cn/{n}.jpg" for n in range(3)]


SHORT = ("因举办马拉松赛，5月3日7时至12时望江路禁止机动车通行。", "特此公告。")
COMMENTS = "".join(f"<div><b>网友{n}</b><p>写得真好，支持一下，希望以后多一些这样的报道，让更多人了解情况。</p></div>" for n in range(4))  # fmt: skip


@pytest.mark.parametrize(
    "below",
    [
        "<div><p>免责声明：本文来自网络，仅代表作者观点，与本网站无关。如涉及版权问题，请与我们联系，我们将及时处理。</p></div>",
        f"<div><h4>网友评论(4)</h4>{COMMENTS}</div>",
        f"<div><h4>推荐阅读</h4>{paragraphs(*(f'别的新闻第{n}条，讲的是另一件事。' for n in range(2)))}</div>",
    ],
)
def test_boxes_below_do_not_outweigh_a_short_article(below: str) -> None:
    head = "<title>临时交通管制公告 - 青川市公安局</title>"
    line = "<p>2024-05-01 来源：市公安局</p>"
    notice = f"<div><h3>临时交通管制公告</h3>{line}<div>{paragraphs(*SHORT)}</div></div>"
    release = read(f"<div>{notice}</div>{below}", head=head)
    assert release.paragraphs == SHORT
    assert release.source == "市公安局"


def test_a_column_headed_as_other_news_may_hold_the_article() -> None:
    column = (
        f"<div class='main'><div>相关新闻</div><h1>内涝点整治提速</h1>{paragraphs(*TEXT)}</div>"
    )
    assert read(f"{column}<div>青川简介</div>").paragraphs == TEXT


def test_buttons_without_blanks_between_them_go() -> None:
    bar = "<div><a>打印</a><a>网摘</a><a>纠错</a></div><div><span>12</span><span>收藏</span><span>分享</span></div>"
    markup = f"<h1>内涝点整治提速</h1><div>{bar}{paragraphs(*TEXT)}{bar}</div>"
    assert read(markup).paragraphs == TEXT


def test_an_articles_own_header_is_no_furniture() -> None:
    header = "<header><h1>内涝点整治提速</h1><p>江声在线记者 凌霄 <time>2024-10-25 07:12</time></p></header>"
    release = read(f"<main>{header}<section>{paragraphs(*TEXT)}</section></main>", head="")
    assert (release.title, release.author) == ("内涝点整治提速", "凌霄")


def test_relative_addresses_start_from_the_base_element() -> None:
    inside = '<p><img src="img/1.jpg"></p><p><a href="f/2.pdf">附件</a></p>'
    markup = f"<h1>内涝点整治提速</h1><div>{paragraphs(*TEXT)}{inside}</div>"
    for base, folder in (
        ("http://b.cn/root/", "http://b.cn/root/"),
        ("/root/", "http://a.cn/root/"),
        ("javascript:x", "http://a.cn/"),
    ):
        release = read(markup, head=f'<title>内涝点整治提速</title><base href="{base}">')
        assert [image.url for image in release.images] == [f"{folder}img/1.jpg"]
        assert [file.url for file in release.attachments] == [f"{folder}f/2.pdf"]


def test_a_notice_above_the_headline_is_no_text() -> None:
    notice = "<div>扫描二维码，体验响应式网站，随时随地获取本局最新信息。</div><div>信息公开</div>"
    line = "<div>日期：2023-11-16 10:32 来源： 字号：【大 中 小】</div>"
    markup = f"<div>{notice}<div>内涝点整治提速</div>{line}{paragraphs(*TEXT, *SHORT)}</div>"
    assert read(markup).paragraphs == (*TEXT, *SHORT)


def test_hidden_words_inside_a_line_are_no_part_of_it_and_do_not_break_it() -> None:
    hidden = "<span style='display: none'>隐去</span><a hidden href='/x'>不见</a>"
    line = f"<p>2021-10-13 09:30{hidden} 来源：青川日报{hidden}</p>"
    texts = (TEXT[0].replace("召开", f"召开{hidden}"), *TEXT[1:])
    release = read(f"<div><h1>内涝点整治提速</h1>{line}<div>{paragraphs(*texts)}</div></div>")
    assert release.paragraphs == TEXT
    assert (release.source, str(release.published_at)[:16]) == ("青川日报", "2021-10-13 09:30")


def test_a_hidden_field_of_a_known_system_is_read() -> None:
    fields = "<span id='asource' style='display:none'>国际在线</span>"
    release = read(f"<div><h1>内涝点整治提速</h1>{fields}<div>{paragraphs(*TEXT)}</div></div>")
    assert release.source == "国际在线"


def test_a_small_sign_between_words_breaks_no_line() -> None:
    sign = '<img src="/i/clock.png" width="16" height="16">'
    line = f"<p>{sign}2021-10-13 09:30 {sign}来源：{sign}青川日报</p>"
    texts = (TEXT[0].replace("召开", f"召开{sign}"), *TEXT[1:])
    release = read(f"<div><h1>内涝点整治提速</h1>{line}<div>{paragraphs(*texts)}</div></div>")
    assert release.paragraphs == TEXT
    assert (release.source, release.images) == ("青川日报", ())
