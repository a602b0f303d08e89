"""What a page does not state is not said: times of events, years, empty labels, none-words."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper import parse_release
from scraper.clock import SHANGHAI
from scraper.errors import NoHeadline
from tests.page.article import TEXT, article, paragraphs, read

TITLE = "内涝点整治提速"
URL = "http://a.cn/xw/1.html"
RECEIVED = dt.datetime(2021, 3, 1, 12, tzinfo=SHANGHAI)


def page(
    info: str = "", lines: str = "", head: str = "", tag: str = "p", title: str = TITLE
) -> bytes:
    text = "".join(f"<{tag}>{one}</{tag}>" for one in TEXT)
    return (
        f"<html><head><meta charset='utf-8'><title>{title}_青川新闻网</title>{head}</head><body>"
        f"<div class='main'><h1>{title}</h1>{info}<div class='content'>{lines}{text}</div></div>"
        "<div class='footer'>版权所有 青川新闻网</div></body></html>"
    ).encode()


EVENTS = [
    "报名时间：2024年5月10日 9:00",
    "投标截止时间：2024年05月10日 09时30分",
    "面试日期：2024-05-10 14:00",
    "演出时间：2024年5月10日（周五）19:30",
    "首发日期：2024/05/10 08:00",
    "公示期：2024年5月10日至2024年5月17日",
    "时间：2024年5月10日 9:00—11:30",
    "日　期：2024年5月10日 09:00",
    "截至2024年5月10日18时30分",
    "青川海事局2024年5月9日16时20分发布大风蓝色预警",
    "（2024年5月10日　北京）",
    "(2024年5月9日在青川县第十八届人民代表大会上)",
    "【时间】2024年5月10日 9:00",
    "2024年5月10日9:00，会议在市政府召开",
    "■时间：2024年5月10日 9:00",
    "答疑时间为2024年5月10日10:00",
]
BARE = ["2024年5月10日（星期五）上午9:00", "2024-05-10 19:30"]


@pytest.mark.parametrize("line", BARE)
def test_a_bare_time_in_the_text_is_content_where_another_is_stated(line: str) -> None:
    shown = parse_release(page("<div class='info'>2024-03-01 16:39</div>", f"<p>{line}</p>"), URL)
    stated = parse_release(
        page("", f"<p>{line}</p>", "<meta name='PubDate' content='2024-03-01 16:39'>"), URL
    )
    for release in (shown, stated):
        assert str(release.published_at)[:16] == "2024-03-01 16:39"
        assert release.paragraphs[0] == line
    alone = parse_release(page("", f"<p>{line}</p>"), URL)
    assert str(alone.published_at)[:10] == "2024-05-10"  # nothing else is stated


@pytest.mark.parametrize("line", EVENTS)
@pytest.mark.parametrize("tag", ["p", "div", "p style='text-indent:2em'"])
def test_the_time_of_an_event_is_content(line: str, tag: str) -> None:
    lines = f"<{tag}>{line}</{tag.split(maxsplit=1)[0]}>"
    shown = parse_release(
        page("<div class='info'>2024-03-01 16:39　来源：青川日报</div>", lines), URL
    )
    stated = parse_release(page("", lines, "<meta name='PubDate' content='2024-03-01 16:39'>"), URL)
    addressed = parse_release(page("", lines), "http://a.cn/xw/202403/t20240301_1.html")
    for release in (shown, stated):
        assert str(release.published_at) == "2024-03-01 16:39:00+08:00"
    assert str(addressed.published_at) == "2024-03-01 00:00:00+08:00"
    for release in (shown, stated, addressed):
        assert release.paragraphs[0].replace("　", " ") == line.replace("　", " ").strip()
    assert parse_release(page("", lines), URL).published_at is None


@pytest.mark.parametrize(
    "line", ["会议时间：2024-03-01 09:00", "时间：2024年3月1日 9:00", "开幕：2024-03-01 10:00"]
)
def test_a_clock_is_not_borrowed_from_the_text(line: str) -> None:
    found = parse_release(
        page("<div class='info'>发布日期：2024-03-01</div>", f"<p>{line}</p>"), URL
    )
    assert (found.published_precision, found.paragraphs[0]) == ("day", line)


@pytest.mark.parametrize(
    "label",
    [
        "实施日期",
        "施行日期",
        "执行时间",
        "生效日期",
        "失效日期",
        "废止日期",
        "有效期至",
        "截止日期",
        "打印日期",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "<ul><li>{}：2024-04-01</li></ul>",
        "<table><tr><td>{}</td><td>2024年4月1日</td></tr></table>",
        "<div><span>{}：</span><span>2024-04-01</span></div>",
    ],
)
def test_the_day_of_effect_is_no_publication(label: str, form: str) -> None:
    box = form.format(label)
    assert parse_release(page(box), URL).published_at is None
    stated = parse_release(page(box, head="<meta name='PubDate' content='2024-03-01'>"), URL)
    assert str(stated.published_at) == "2024-03-01 00:00:00+08:00"


@pytest.mark.parametrize("shown", ["05-03 09:30", "05月03日 09:30", "5月3日 09:30"])
def test_a_year_needs_evidence(shown: str) -> None:
    html = page(f"<div class='info'>{shown}　来源：青川日报</div>")
    assert parse_release(html, URL).published_at is None

    def at(**given: object) -> tuple[str, str]:
        found = parse_release(html, URL, **given)  # type: ignore[arg-type]
        return str(found.published_at)[:16], found.origins["published_at"]

    assert at(received_at=RECEIVED) == ("2020-05-03 09:30", "line+received_at")
    assert at(listed_on=dt.date(2016, 5, 3)) == ("2016-05-03 09:30", "line+listed_on")
    assert at(listed_on=dt.date(2016, 5, 3), received_at=RECEIVED)[0] == "2016-05-03 09:30"
    by_address = parse_release(html, "http://a.cn/2018/05/03/1.html", received_at=RECEIVED)
    assert str(by_address.published_at)[:16] == "2018-05-03 09:30"


def test_a_year_that_the_text_contradicts_is_none() -> None:
    info = "<div class='info'>05-03 09:30　来源：青川日报</div>"
    html = page(
        info, "<p>2014年5月2日，青川市水务局召开会议，部署今年的防汛工作，要求落实责任。</p>"
    )
    found = parse_release(html, URL, received_at=RECEIVED)
    assert found.published_at is None or found.published_at.year == 2014


def test_days_in_slashes_take_their_order_from_the_page() -> None:
    line = "<div class='info'>06/02/2022 来源：青川日报</div>"
    assert parse_release(page(line), URL).published_at is None
    other = "<p>25/01/2022 召开预备会，各部门参加，会议部署了下一步的工作，明确了完成时限。</p>"
    assert str(parse_release(page(line, other), URL).published_at)[:10] == "2022-02-06"


@pytest.mark.parametrize(
    ("info", "at"),
    [
        ("更新时间：2024-03-02 10:00　发布时间：2024-03-01 16:39", "2024-03-01 16:39"),
        ("发布时间：2024-03-01 16:39　打印时间：2024-05-02 10:00", "2024-03-01 16:39"),
        ("2024-03-01 16:39　截止日期：2024-04-01 17:00", "2024-03-01 16:39"),
        ("2024-03-01 04:39 PM", "2024-03-01 16:39"),
        ("2024年3月1日 下午4:39", "2024-03-01 16:39"),
    ],
)
def test_which_time_of_a_line_is_that_of_publication(info: str, at: str) -> None:
    assert str(parse_release(page(f"<div class='info'>{info}</div>"), URL).published_at)[:16] == at


EMPTY = [
    "<ul><li>文号：青民〔2024〕3号</li><li>{}：</li></ul>",
    "<ul><li><b>文号：</b>青民〔2024〕3号</li><li><b>{}：</b></li></ul>",
    "<table><tr><td>文号</td><td>青民〔2024〕3号</td></tr><tr><td>{}</td><td></td></tr></table>",
    "<table><tr><th>文号</th><td>青民〔2024〕3号</td><th>{}</th><td>&nbsp;</td></tr></table>",
    "<dl><dt>文号：</dt><dd>青民〔2024〕3号</dd><dt>{}：</dt><dd></dd></dl>",
    "<div><p>文号：青民〔2024〕3号</p><p>{}：</p></div>",
    "<div class='row'><div>文号：</div><div>青民〔2024〕3号</div></div><div class='row'><div>{}：</div><div></div></div>",
    "<p>文号：青民〔2024〕3号　{}：</p>",
    "<p>【文号】青民〔2024〕3号</p><p>【{}】</p>",
]
NAMED = {"发布机关": "issuer", "主题分类": "topic", "有效性": "validity", "文件状态": "validity"}


@pytest.mark.parametrize("form", EMPTY)
@pytest.mark.parametrize("label", NAMED)
def test_an_empty_label_is_empty(form: str, label: str) -> None:
    for below in ("", "<div class='tools'>【打印】 【关闭】</div>", "<p>公开方式：主动公开</p>"):
        document = parse_release(page(form.format(label) + below), URL).document
        assert document is not None
        assert (document.number, getattr(document, NAMED[label])) == ("青民〔2024〕3号", None)


@pytest.mark.parametrize(
    "none",
    [
        "无文号",
        "暂无数据",
        "【无】",
        "（暂无）",
        "未填写",
        "无",
        "暂无",
        "/",
        "--",
        "—",
        "——",
        "\u3000",
        "&nbsp;",
        "null",
        "-",
        "无。",
    ],
)
@pytest.mark.parametrize("form", [EMPTY[0], EMPTY[2], EMPTY[4], EMPTY[7]])
def test_a_word_for_none_is_none(none: str, form: str) -> None:
    box = form.replace("{}：</li>", f"主题分类：{none}</li>").replace(
        "<td>{}</td><td></td>", f"<td>主题分类</td><td>{none}</td>"
    )
    box = box.replace("<dt>{}：</dt><dd></dd>", f"<dt>主题分类：</dt><dd>{none}</dd>").replace(
        "{}：</p>", f"主题分类：{none}</p>"
    )
    document = parse_release(page(box), URL).document
    assert document is not None
    assert (document.number, document.topic) == ("青民〔2024〕3号", None)


def test_labels_and_values_side_by_side_without_a_colon() -> None:
    box = "<ul><li><span>索引号</span><span>008/2024</span></li><li><span>文号</span><span>青民〔2024〕3号</span></li><li><span>有效性</span><span></span></li></ul>"
    document = parse_release(page(box), URL).document
    assert document is not None
    assert (document.number, document.validity) == ("青民〔2024〕3号", None)


def test_a_filled_label_is_read_in_every_form() -> None:
    for form in (EMPTY[0], EMPTY[1]):
        box = form.replace("{}：</", "主题分类：救灾</").replace(
            "</b></li></ul>", "</b>救灾</li></ul>"
        )
        document = parse_release(page(box.replace("救灾</b>救灾", "</b>救灾")), URL).document
        assert document is not None
        assert document.topic == "救灾"


@pytest.mark.parametrize(
    "lead", ["青政发〔2024〕7号", "青川县人民政府令第179号", "第12号", "公　告（2024年第3号）"]
)
def test_the_first_lines_of_a_document_are_text(lead: str) -> None:
    release = parse_release(
        page("<div class='info'>2024-03-01 来源：市政府</div>", paragraphs(lead, TITLE)), URL
    )
    assert release.paragraphs[0] == lead


def test_a_short_text_with_a_date_is_a_release() -> None:
    release = read(
        f"<div><h1>{TITLE}</h1><p>2024-03-01 16:39　来源：市水务局</p><div><p>详见附件。</p></div></div>"
    )
    assert release.paragraphs == ("详见附件。",)


def test_a_headline_only_in_the_title_is_taken_and_its_lack_has_an_error() -> None:
    body = f"<div class='content'>{paragraphs(*TEXT)}</div>"
    release = read(body, head=f"<title>{TITLE}</title>")
    assert (release.title, release.origins["title"]) == (TITLE, "unseen")
    with pytest.raises(NoHeadline):
        read(body, head="")


def test_the_same_article_without_any_of_it_says_nothing() -> None:
    release = article()
    nothing = (
        release.published_at,
        release.source,
        release.author,
        release.editor,
        release.document,
    )
    assert nothing == (None, None, None, None, None)
