"""The lines around a text in the forms that pages write them: what each states, and no more."""

from __future__ import annotations

import pytest

from scraper.record.release import Release
from tests.page.article import TEXT, paragraphs, read

DATED = "<p>2020-05-06 10:20</p>"

# line above the text; time, source, author, editor
ABOVE = [
    (
        "<div><span>来源：</span><span>市委宣传部</span><span>作者：</span><span></span><span>日期：</span><span>2020-05-06 10:20</span></div>",
        "2020-05-06 10:20",
        "市委宣传部",
        None,
        None,
    ),
    (
        "<p>发布时间：2020-05-06 10:20:00 | 来源：青川日报 | 作者：韩冰 | 责任编辑：章明 | 浏览：12 次</p>",
        "2020-05-06 10:20",
        "青川日报",
        "韩冰",
        "章明",
    ),
    (
        "<p>【发布时间：2020-05-06 】【来源：青川日报】【字号 大 中 小】</p>",
        "2020-05-06",
        "青川日报",
        None,
        None,
    ),
    (
        "<p>时间：[ 2020-05-06 ]\u3000\u3000信息来源：市水务局</p>",
        "2020-05-06",
        "市水务局",
        None,
        None,
    ),
    (
        "<p>[2020-05-06 10:20] [来源：青川日报] 【大 中 小】</p>",
        "2020-05-06 10:20",
        "青川日报",
        None,
        None,
    ),
    (
        "<p>文章来源:本站 \u3000发布时间: 2020-5-6 \u3000点击数: 次</p>",
        "2020-05-06",
        "本站",
        None,
        None,
    ),
    (
        "<p>2020-05-06 10:20 <span>来源：新华社</span>【字体：<a>大</a> <a>中</a> <a>小</a>】打印</p>",
        "2020-05-06 10:20",
        "新华社",
        None,
        None,
    ),
    (
        "<p>来源：人民日报作者：韩冰 2020年05月06日10:20</p>",
        "2020-05-06 10:20",
        "人民日报",
        "韩冰",
        None,
    ),
    (
        "<p>来源：新华社、人民日报\u30002020年5月6日 10时20分</p>",
        "2020-05-06 10:20",
        "新华社、人民日报",
        None,
        None,
    ),
    (
        "<p>2020-05-06 10:20:33.0\u3000来源：青川新闻网\u3000编辑：章明</p>",
        "2020-05-06 10:20:33",
        "青川新闻网",
        None,
        "章明",
    ),
    ("<p>2020年05月06日 下午3:20 来源：青川晚报</p>", "2020-05-06 15:20", "青川晚报", None, None),
    (
        '<p>发布日期： 2020-05-06&nbsp;&nbsp;来源： <a href="/">青川市人民政府办公室</a>&nbsp;&nbsp;浏览次数： 123</p>',
        "2020-05-06",
        "青川市人民政府办公室",
        None,
        None,
    ),
    (
        "<p>信息来源：青川市水务局 发布人：李四海 发布时间：2020-05-06 10:20</p>",
        "2020-05-06 10:20",
        "青川市水务局",
        None,
        None,
    ),
    (
        "<p>供稿：市水务局 发布时间：2020-05-06 10:20</p>",
        "2020-05-06 10:20",
        "市水务局",
        None,
        None,
    ),
    ("<p>发布机构：青川市水务局\u3000发布日期：2020-05-06</p>", "2020-05-06", None, None, None),
    (
        "<p>更新时间：2021-06-07 08:00\u3000发布时间：2020-05-06 10:20\u3000来源：青川日报</p>",
        "2020-05-06 10:20",
        "青川日报",
        None,
        None,
    ),
    (
        "<p>来源：青川日报 &nbsp; 2020-05-06 10:20 &nbsp; 文/图：韩冰</p>",
        "2020-05-06 10:20",
        "青川日报",
        "韩冰",
        None,
    ),
    ("<p>2020-05-06 10:20\u3000青川日报\u3000韩冰</p>", "2020-05-06 10:20", "青川日报", None, None),
    (
        "<p>作者：韩冰\u3000丁小川\u3000来源：青川日报\u3000时间：2020-05-06</p>",
        "2020-05-06",
        "青川日报",
        "韩冰 丁小川",
        None,
    ),
    (
        "<p>作者：青川日报全媒体记者 韩冰 摄影：丁小川\u30002020-05-06</p>",
        "2020-05-06",
        None,
        "韩冰",
        None,
    ),
    (
        "<p>时间：2020-05-06 作者：市水务局办公室 来源：市水务局</p>",
        "2020-05-06",
        "市水务局",
        None,
        None,
    ),
    ("<p>2020-05-06 10:20 | 作者：未知 | 来源：网络</p>", "2020-05-06 10:20", "网络", None, None),
    ("<div><em>2020-05-06</em><em>青川日报</em></div>", "2020-05-06", "青川日报", None, None),
    ("<div><a>青川卫视</a> | 2020-05-06 10:20</div>", "2020-05-06 10:20", "青川卫视", None, None),
    ("<div>青川日报</div><div>2020-05-06 10:20</div>", "2020-05-06 10:20", "青川日报", None, None),
    (
        '<div class="ly">青川市融媒体中心</div><div class="sj">2020-05-06 10:20</div>',
        "2020-05-06 10:20",
        "青川市融媒体中心",
        None,
        None,
    ),
    (
        "<p>来源：青川日报-青川新闻网 (2020-05-06)</p>",
        "2020-05-06",
        "青川日报-青川新闻网",
        None,
        None,
    ),
    (
        "<p>本报记者 韩冰 通讯员 丁小川 文/图</p><p>2020-05-06</p>",
        "2020-05-06",
        None,
        "韩冰 丁小川",
        None,
    ),
    ("<p>□ 本报记者 韩冰</p>", None, None, "韩冰", None),
    ("<p>通讯员 丁小川 记者 韩冰 报道</p>", None, None, "丁小川 韩冰", None),
    ("<p>今天是2024年11月24日 星期日</p><p>来源：青川日报</p>", None, "青川日报", None, None),
    (
        "<p>稿件来源： 青川日报\u3000|\u3000作者： \u3000|\u3000编辑： \u3000|\u30002020-05-06</p>",
        "2020-05-06",
        "青川日报",
        None,
        None,
    ),
]

# line at the text's end; source, author, editor
LAST = [
    ("<p>（记者 韩冰 通讯员 丁小川）</p>", None, "韩冰 丁小川", None),
    ("<p>（新华社记者 韩冰 摄）</p>", None, None, None),
    ("<p>新华社记者 韩冰 摄</p>", None, None, None),
    ("<p>（韩冰 丁小川）</p>", None, "韩冰 丁小川", None),
    ("<p>（作者：韩冰，系青川大学教授）</p>", None, "韩冰", None),
    ("<p>（作者系青川大学教授）</p>", None, None, None),
    (
        "<p>文字：韩冰</p><p>图片：丁小川</p><p>编辑：章明</p><p>审核：李四海</p>",
        None,
        "韩冰",
        "章明",
    ),
    ("<p>撰稿：韩冰\u3000审核：李四海</p>", None, "韩冰", None),
    ("<p>供稿：办公室 韩冰</p>", None, "韩冰", None),
    ("<p>一审：韩冰 二审：丁小川 三审：李四海</p>", None, None, None),
    ("<p>责编：章明 审核：李四海 监制：王五洲</p>", None, None, "章明"),
    ("<p>（编辑：章明 校对：李四海）</p>", None, None, "章明"),
    ("<p>责任编辑：章明(EN004)</p>", None, None, "章明"),
    ("<p>初审编辑：章明</p><p>责任编辑：李四海</p>", None, None, "李四海"),
    ("<p>记者：韩冰 编辑：章明</p>", None, "韩冰", "章明"),
    (
        '<p style="text-align:right">青川市水务局</p><p style="text-align:right">2020年4月30日</p>',
        None,
        None,
        None,
    ),
    ("<p>来源：青川日报</p>", "青川日报", None, None),
    ("<p>来源 | 青川日报</p>", "青川日报", None, None),
    ("<p>记者 韩冰 文/图</p>", None, "韩冰", None),
    ("<p>文/韩冰 图/丁小川</p>", None, "韩冰", None),
    ("<p>记者/韩冰 编辑/章明</p>", None, "韩冰", "章明"),
]

# line below the text; source, author, editor
BELOW = [
    ("<div>责任编辑：章明</div>", None, None, "章明"),
    ("<div>[编辑: 章明 ]</div>", None, None, "章明"),
    ("<div><a>纠错</a> （值班编辑 章明）</div>", None, None, "章明"),
    ("<div>该文观点仅代表作者本人，本平台仅提供信息存储空间服务。</div>", None, None, None),
    ("<div>来源：青川日报\u3000编辑：章明</div>", "青川日报", None, "章明"),
    ("<div>编辑：章明\u3000来源：青川日报</div>", "青川日报", None, "章明"),
    ("<div>本文来源：青川日报</div>", "青川日报", None, None),
    ("<div>作者：韩冰</div>", None, "韩冰", None),
    ("<div>责任编辑：</div>", None, None, None),
    ("<div>上一篇：市水务局召开会议。</div><div>下一篇：没有了</div>", None, None, None),
    (
        '<div class="x"><p>声明：本网站转载内容仅供参考，来源：网络，如有侵权请联系删除。</p></div>',
        None,
        None,
        None,
    ),
]

# how the first paragraph begins; source, author, editor
FIRST = [
    ("本报讯（记者 韩冰）", None, "韩冰", None),
    ("本报讯 (记者韩冰 通讯员丁小川)", None, "韩冰 丁小川", None),
    ("本报5月6日讯（青川日报全媒体记者 韩冰、丁小川）", None, "韩冰 丁小川", None),
    ("青川新闻网讯（韩冰 丁小川）", None, "韩冰 丁小川", None),
    ("新华社青川5月6日电（记者韩冰、丁小川）", None, "韩冰 丁小川", None),
    ("中新网青川5月6日电 (韩冰)", None, "韩冰", None),
    ("5月6日，", None, None, None),
    ("青川日报记者韩冰报道：", None, "韩冰", None),
    ("本报青川电（记者 韩 冰）", None, "韩冰", None),
    ("（见习记者 韩冰 实习生 丁小川）", None, "韩冰 丁小川", None),
    ("央广网青川5月6日消息（记者韩冰 青川台记者丁小川）", None, "韩冰 丁小川", None),
    ("青川讯（本报记者 韩冰 文/图）", None, "韩冰", None),
    ("青川网讯 通讯员韩冰报道：", None, "韩冰", None),
    ("本报讯 记者韩冰、通讯员丁小川报道：", None, "韩冰 丁小川", None),
    ("青川市（原青川县）", None, None, None),
    ("本报讯（孙大勇 周梅）", None, "孙大勇 周梅", None),
    ("央广网青川5月6日消息（记者贾宜超 见习记者 肖源）", None, "贾宜超 肖源", None),
]


def stated(release: Release) -> tuple[str | None, str | None, str | None]:
    return release.source, release.author, release.editor


@pytest.mark.parametrize(("line", "at", "source", "author", "editor"), ABOVE)
def test_line_above_the_text(
    line: str, at: str | None, source: str | None, author: str | None, editor: str | None
) -> None:
    release = read(f"<div><h1>内涝点整治提速</h1>{line}<div>{paragraphs(*TEXT)}</div></div>")
    assert stated(release) == (source, author, editor)
    assert release.paragraphs == TEXT
    shown = str(release.published_at) if release.published_at else None
    assert shown is None if at is None else (shown is not None and shown.startswith(at))


@pytest.mark.parametrize(("line", "source", "author", "editor"), LAST)
def test_line_at_the_end(
    line: str, source: str | None, author: str | None, editor: str | None
) -> None:
    release = read(f"<div><h1>内涝点整治提速</h1>{DATED}<div>{paragraphs(*TEXT)}{line}</div></div>")
    assert stated(release) == (source, author, editor)
    assert release.paragraphs[:3] == TEXT


@pytest.mark.parametrize(("line", "source", "author", "editor"), BELOW)
def test_line_below_the_text(
    line: str, source: str | None, author: str | None, editor: str | None
) -> None:
    release = read(f"<div><h1>内涝点整治提速</h1>{DATED}<div>{paragraphs(*TEXT)}</div>{line}</div>")
    assert stated(release) == (source, author, editor)
    assert release.paragraphs == TEXT


@pytest.mark.parametrize(("lead", "source", "author", "editor"), FIRST)
def test_beginning_of_the_text(
    lead: str, source: str | None, author: str | None, editor: str | None
) -> None:
    texts = (lead + TEXT[0], *TEXT[1:])
    release = read(f"<div><h1>内涝点整治提速</h1>{DATED}<div>{paragraphs(*texts)}</div></div>")
    assert stated(release) == (source, author, editor)
    assert release.paragraphs == texts


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("2024.05.06 10:20", "2024-05-06 10:20"),
        ("2024-05-06T02:20:00Z", "2024-05-06 10:20"),
        ("2024年05月06日 星期一 10:20", "2024-05-06 10:20"),
        ("2024-05-06 下午 3:20", "2024-05-06 15:20"),
        ("发布时间：20240506", "2024-05-06"),
        ("发布日期：二〇二四年五月六日", "2024-05-06"),
        ("发布时间:2024-05-06 10∶20", "2024-05-06 10:20"),
        ("2小时前", None),
        ("昨天 10:20", None),
        ("2024-13-06", None),
        ("2099-05-06", None),
        ("浏览：20240506次", None),
        ("今天是2024年11月24日 星期日", None),
    ],
)
def test_dates_in_the_line_above_the_text(line: str, at: str | None) -> None:
    release = read(f"<h1>内涝点整治提速</h1><p>{line}</p><div>{paragraphs(*TEXT)}</div>")
    shown = str(release.published_at) if release.published_at else None
    assert shown is None if at is None else (shown is not None and shown.startswith(at))
