"""Forms that news sites share: how they name, date, sign and advertise; one small page each."""

from __future__ import annotations

import pytest

from tests.page.article import TEXT, article, paragraphs, read


@pytest.mark.parametrize(
    ("lead", "author"),
    [
        ("【环球青川报道 记者 索炎琦】", "索炎琦"),
        ("【文/青川者网 王慧】", "王慧"),
        ("青川网讯（记者张海峰摄影报道）", "张海峰"),
        ("青川网讯（记者 张海峰 文/摄）", "张海峰"),
        ("【编者按】", None),
    ],
)
def test_who_wrote_in_the_first_brackets(lead: str, author: str | None) -> None:
    release = read(
        f"<div><h1>内涝点整治提速</h1><div>{paragraphs(lead + TEXT[0], *TEXT[1:])}</div></div>"
    )
    assert release.author == author


@pytest.mark.parametrize(
    ("end", "author"),
    [
        ("（邱文斌　马丽娟）", "邱文斌 马丽娟"),
        ("（文 邱斌）", "邱斌"),
        ("（市水务局 文/邱斌）", "邱斌"),
    ],
)
def test_a_sign_inside_a_name_is_no_label(end: str, author: str) -> None:
    assert article(inside=f"<p>全市通电。{end}</p>").author == author


def test_reporter_and_editor_in_one_line_of_the_text() -> None:
    line = "<p>青经记者&nbsp;张蕊&nbsp;&nbsp;&nbsp;&nbsp;青经编辑&nbsp;陈旭&nbsp;&nbsp;</p>"
    release = read(
        f"<h1>内涝点整治提速</h1><p>2024-05-06 10:20</p><div>{line}{paragraphs(*TEXT)}</div>"
    )
    assert (release.author, release.editor, release.paragraphs) == ("张蕊", "陈旭", TEXT)


def test_a_desks_number_is_no_editor() -> None:
    assert article(below="<p>文章来源：青川时报 <span>责任编辑：126</span></p>").editor is None


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("2013-07-21 19:02 来源: <a href='/'>青川网</a>(北京)　有<a href='/c'>1287</a>人参与", "青川网"),
        ("<span>第一财经</span> <em>2023-10-16 19:41</em> <a href='/x'>听新闻</a>", "第一财经"),
        ("<span>2023-10-15 20:14</span> <span><img src=/ly.png>青川新闻网</span> <span>责任编辑：李丹</span>", "青川新闻网"),
        ("<span>2023-10-15 20:14</span> <a href='/x'>听新闻</a>", None),
    ],
)  # fmt: skip
def test_a_medium_among_counters_and_icons(line: str, source: str | None) -> None:
    assert article(above=f"<div>{line}</div>").source == source


def test_the_sites_own_name_beside_the_date_is_the_source() -> None:
    markup = f"<h1>内涝点整治提速</h1><p>2024-05-06 10:20 青川眼界</p>{paragraphs(*TEXT)}"
    assert read(markup, head="<title>内涝点整治提速 - 青川眼界</title>").source == "青川眼界"
    assert read(markup, head="<title>内涝点整治提速</title>").source is None


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("<p><span>14-11-05 10:41</span> <span>编辑：赵小同</span></p>", "2014-11-05 10:41"),
        ("<p>来源：青川网 <span>日期：21.04.09</span></p>", "2021-04-09 00:00"),
        ("<div><b>19</b><span>2023-05</span></div>", "2023-05-19 00:00"),
        ("<div><p>19</p><p>2023.05</p></div>", "2023-05-19 00:00"),
        ("<div><b>05-19</b><span>2023</span></div>", "2023-05-19 00:00"),
        ("<p>版本 14.11.05</p>", None),
    ],
)
def test_years_of_two_figures_and_days_set_apart(line: str, at: str | None) -> None:
    found = article(above=line).published_at
    assert (found and f"{found:%Y-%m-%d %H:%M}") == at


def test_a_title_of_the_sites_goods_is_no_headline() -> None:
    release = read(
        f"<h3>青澜科技与湖湾区签署合作协议</h3><p>2023-05-19</p>{paragraphs(*TEXT)}",
        head="<title>青澜科技-水处理膜|反渗透|纳滤</title>",
    )
    assert release.title == "青澜科技与湖湾区签署合作协议"


@pytest.mark.parametrize(
    "notice",
    [
        "想爆料？请拨打新闻热线0531-66661234，或关注青川网官方微博提供新闻线索，诚邀合作伙伴。",
        "此内容为青川财经原创，著作权归青川财经所有。未经书面授权，不得以任何方式加以使用，包括转载、摘编。",
        "文章内容属作者个人观点，不代表青川网立场。投资者据此操作，风险请自担。",
        "特别提醒：如果我们使用了您的图片，请作者与本站联系索取稿酬。如您不希望作品出现，可要求撤下。",
        "消息来源：青澜科技",
        "更多青川新闻请关注青川网",
        "<b>文章作者</b>",
    ],
)
def test_what_a_site_says_of_itself_below_goes(notice: str) -> None:
    assert article(inside=f"<p>{notice}</p><p>读者热线：4008890008</p>").paragraphs == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "五、稿件版权归主办单位所有，欢迎踊跃投稿。",
        "市水务局提醒市民，可通过新闻发布会了解进展，遇到险情及时拨打抢险电话。",
    ],
)
def test_the_articles_own_last_words_stay(line: str) -> None:
    assert article(inside=f"<p>{line}</p>").paragraphs == (*TEXT, line)


@pytest.mark.parametrize(
    "picture",
    [
        '<a href="https://ad.shop.com/x"><img src="/2024/01/sale.jpg"></a>',
        '<a href="/app"><img src="/2024/01/b.png" alt="下载青川客户端"></a>',
        '<img src="http://img.a.cn/ads/2024/12.jpg">',
        '<img src="/userfaces/100/lina.jpg">',
        '<div id="adv"><img src="/2024/01/b.png"></div>',
    ],
)
def test_advertising_pictures_are_not_the_articles(picture: str) -> None:
    release = article(inside=f'<p><img src="/2024/01/real.jpg"></p>{picture}<p>{TEXT[0]}</p>')
    assert [image.url for image in release.images] == ["http://a.cn/2024/01/real.jpg"]


def test_a_picture_linked_to_its_own_file_stays() -> None:
    linked = '<a href="https://pic.host.com/1.jpg"><img src="/2024/01/real.jpg"></a>'
    assert len(article(inside=linked).images) == 1


def test_a_line_with_an_arrow_is_the_pictures_caption() -> None:
    release = article(inside=f'<p><img src="/1.jpg"></p><p>▲防汛队员检查泵站</p><p>{TEXT[0]}</p>')
    assert release.images[0].caption == "▲防汛队员检查泵站"


def test_an_article_in_what_is_named_furniture_is_read() -> None:
    markup = f'<h1>内涝点整治提速</h1><p>2024-05-06</p><div class="js_share_area">{paragraphs(*TEXT)}</div>'
    assert read(markup).paragraphs == TEXT


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("<a href='/n'>青川新闻</a> <a href='http://q.cn'>西部都市报</a> <b>谢燃</b> 2013-07-21 19:02", "西部都市报"),
        ("2022-10-26 11:28</p><p>青川经济报道 <span>周潇枭</span> 北京报道", "青川经济报道"),
        ("2022-10-26 11:28</p><p>本文来自微信公众号：<a>新声Pro（ID：xinsheng）</a>，作者：叶倩雯", "新声Pro"),
    ],
)  # fmt: skip
def test_a_medium_among_columns_and_accounts(line: str, source: str) -> None:
    assert article(above=f"<p>{line}</p>").source == source


def test_the_source_of_a_picture_is_not_the_texts() -> None:
    line = '<p><img src="/1.jpg"></p><p>生产车间，来源：青澜公司</p><p>机器，来源：企业供图</p>'
    assert article(above="<p>2024-05-06 10:20</p>", inside=line).source is None


def test_a_long_office_before_the_reporter_at_the_end() -> None:
    line = "<p>（青川广电总台·融媒体新闻中心记者/莫伟 唐小芹 编辑/高若婷）</p>"
    release = article(inside=line)
    assert (release.author, release.editor) == ("莫伟 唐小芹", "高若婷")


@pytest.mark.parametrize(
    ("url", "at"),
    [
        ("http://a.cn/2024/0408/1.html", "2024-04-08 15:12"),
        ("http://a.cn/1.html", "2025-04-08 15:12"),
    ],
)
def test_a_day_without_year_was_the_last_one(url: str, at: str) -> None:
    line = "<p><span>青川本地</span> <span>04-08 15:12</span> <span>青川日报</span></p>"
    found = article(above=line, url=url).published_at
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M}" == at


def test_the_lead_is_read_below_scraps() -> None:
    scraps = (
        "<p>听报道</p><p>投放力度加大</p><p><img src='/1.jpg'></p><p>资料图：网点。图/视觉中国</p>"
    )
    text = paragraphs(f"【青网】（记者 彭小川）{TEXT[0]}", *TEXT[1:])
    release = read(f"<h1>内涝点整治提速</h1><p>2024-05-06 10:20</p><div>{scraps}{text}</div>")
    assert release.author == "彭小川"


@pytest.mark.parametrize("line", ["上一张", "下一组", "转播到腾讯微博", "听报道"])
def test_buttons_of_galleries_and_players_go(line: str) -> None:
    release = article(inside=f"<p>{line}</p><p>市水务局局长出席会议并讲话。</p>")
    assert release.paragraphs == (*TEXT, "市水务局局长出席会议并讲话。")


@pytest.mark.parametrize(
    ("line", "source", "author", "editor"),
    [
        ("<span>【来源】青川日报/青山新闻</span><span>【时间】2022-08-15 08:41</span><span>【责任编辑】许小颖</span>", "青川日报/青山新闻", None, "许小颖"),
        ("2015-04-09 08:29 来源：<a><img src='/logo.gif' alt='青川日报'></a> <i>责任编辑：<img src='/1x1.gif'>马晓佳</i>", "青川日报", None, "马晓佳"),
        ("2023-07-24 17:06  来源：青川日报网 田鹏", "青川日报网", None, None),
        ("2022-04-20 07:35 | 来源：青川日报 记者 邓其锋 联盟苍岭站 吴敏力", "青川日报", "邓其锋 吴敏力", None),
        ("青川都市报APP • 湖湾大件事</p><p>原创2023-10-16 10:55", "青川都市报APP", None, None),
    ],
)  # fmt: skip
def test_labels_in_brackets_signs_and_names_behind_media(
    line: str, source: str, author: str | None, editor: str | None
) -> None:
    release = article(above=f"<p>{line}</p>")
    assert (release.source, release.author, release.editor) == (source, author, editor)


def test_the_editor_of_a_dispatch_and_of_a_long_last_line() -> None:
    lead = read(
        f"<h1>内涝点整治提速</h1>{paragraphs('青经社10月16日讯（编辑 刘小越）' + TEXT[0], *TEXT[1:])}"
    )
    last = article(inside="<p>（编辑 闫立良 策划 白宝玉）</p>")
    assert (lead.editor, last.editor) == ("刘小越", "闫立良")


def test_what_a_speaker_says_is_no_value_of_the_label_in_brackets() -> None:
    talk = "<p>【记者】请问今年的汛期有什么特点？</p><p>【李明】总体偏早，局部偏重。</p>"
    assert article(inside=talk).author is None


@pytest.mark.parametrize(
    ("line", "source", "author", "editor"),
    [
        ("2019/05/06 10:20　·　<a>每日青川</a>　·　记者 王小川", None, "王小川", None),
        ("时间:2019-05-06 10:20来源:青川日报编辑:李大江", "青川日报", None, "李大江"),
        ("来源:青川日报 (记者 王小川) 2019-05-06 10:20", "青川日报", "王小川", None),
        ("2019-05-06 10:20 来源：人民网-青川频道 (王小川、李大江)", "人民网-青川频道", None, None),
        ("来源：青川日报　文/图 王小川　2019-05-06", "青川日报", "王小川", None),
        ("来源：<a>青川社</a>客户端　2019-05-06 10:20", "青川社客户端", None, None),
        ("转载：青川日报 2019-05-06 10:20", "青川日报", None, None),
        ("媒体：青川日报 2019-05-06 10:20", "青川日报", None, None),
        ("责任编辑：张小帆 | 版面编辑：邱祺璞 2019-05-06", None, None, "张小帆"),
    ],
)
def test_one_line_that_names_all(
    line: str, source: str | None, author: str | None, editor: str | None
) -> None:
    release = article(above=f"<div>{line}</div>")
    assert (release.source, release.author, release.editor) == (source, author, editor)


@pytest.mark.parametrize(
    "line",
    [
        "<span>06</span><span>May 2019</span>",
        "May 6th, 2019",
        "<span>2019</span><span>05-06</span>",
        "<em>06</em><em>/</em><em>2019-05</em>",
    ],
)
def test_days_of_press_rooms(line: str) -> None:
    found = article(above=f"<div>{line}</div>").published_at
    assert found is not None
    assert f"{found:%Y-%m-%d}" == "2019-05-06"


def test_the_first_words_of_the_text_are_no_source() -> None:
    text = paragraphs(f"（青川日报·青川观察记者 王小川）{TEXT[0]}", *TEXT[1:])
    release = read(f"<h1>内涝点整治提速</h1><div>2019-05-06 10:20</div><div>{text}</div>")
    assert (release.source, release.author) == (None, "王小川")


def test_a_byline_in_the_first_line_of_a_paragraph() -> None:
    text = paragraphs(f"文|王小川<br>{TEXT[0]}", *TEXT[1:])
    assert read(f"<h1>内涝点整治提速</h1><div>2019-05-06</div><div>{text}</div>").author == "王小川"


def test_signed_lines_with_a_bar_go() -> None:
    assert article(inside="<p>编辑丨李大江</p><p>审核丨陈小河</p>").paragraphs == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "<p><span>2023-04-12</span><span>浏览量：<b>1207</b>次</span><span>信息员：王小舟</span></p>",
        "<ul><li>发布时间：2021-04-09 09:30</li><li>来源：青川日报</li><li>作者：石磊 周宁</li></ul>",
        "<p>2014-11-20 | 《青川月刊》2014年第11期</p>",
        "<p>青川早知道3小时前</p>",
    ],
)
def test_what_stands_between_headline_and_text_goes(line: str) -> None:
    release = read(f"<div><h1>内涝点整治提速</h1>{line}{paragraphs(*TEXT)}</div>")
    assert release.paragraphs == TEXT


def test_an_empty_label_does_not_take_the_next_one() -> None:
    assert article(below="<div><p>责任编辑：</p><p>审 核 人：</p></div>").editor is None


@pytest.mark.parametrize(
    ("line", "source", "author"),
    [
        ("2022-04-20 09:13　来源：青川新闻　摄影/文字：雷小宁", "青川新闻", "雷小宁"),
        ("[ 作者：陶然　　转贴自：青川日报　　更新时间：2012-10-9 ]", "青川日报", "陶然"),
    ],
)
def test_labels_of_old_systems(line: str, source: str, author: str) -> None:
    release = article(above=f"<p>{line}</p>")
    assert (release.source, release.author) == (source, author)


def test_a_face_is_no_picture_of_the_article() -> None:
    assert article(inside='<img class="user avatar" src="/u/1.jpg">').images == ()
