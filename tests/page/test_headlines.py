"""Headlines among what stands around them."""

from __future__ import annotations

import pytest

from tests.page.article import TEXT, paragraphs, read


@pytest.mark.parametrize(
    "heading",
    [
        "<h1>县医院专家下乡义诊<br><span>2019-05-30 17:22:46 来源：本站 点击：</span></h1>",
        "<h1>县医院专家下乡义诊 <small>时间：2019-05-30 17:22</small></h1>",
        "<h1><a href='/2.html'>县医院专家下乡义诊</a></h1><p>2019-05-30 17:22</p>",
    ],
)
def test_a_heading_that_holds_the_date_too(heading: str) -> None:
    release = read(
        f"<div>{heading}<div>{paragraphs(*TEXT)}</div></div>",
        head="<title>县医院专家下乡义诊 - 卫健局</title>",
    )
    assert release.title == "县医院专家下乡义诊"
    assert release.published_at is not None
    assert release.published_at.strftime("%Y-%m-%d %H:%M") == "2019-05-30 17:22"


LINES = (
    "<h1>{0}</h1><p>2024-05-06 10:20</p>",
    "<div class='title'>{0}</div><p>2024-05-06 10:20</p>",
    "<h1>青川市水务局</h1><p align='center'><b>{0}</b></p><p>发布时间：2024-05-06 10:20 来源：水务局</p>",
    "<h2>时政要闻</h2><h3>{0}</h3><p>2024-05-06 10:20</p>",
)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(
    "stated",
    [
        "内涝点整治提速_青川新闻_青川市人民政府",
        "青川市人民政府 > 内涝点整治提速",
        "内涝点整治提速|青川日报|青川网",
        "首页-内涝点整治提速",
        "政务动态_内涝点整治提速",
        "青川网",
        "青川市人民政府门户网站",
        "",
        "新闻详情",
        "无标题文档",
    ],
)
def test_whatever_the_title_element_says(stated: str, line: str) -> None:
    markup = f"<div>{line.format('内涝点整治提速')}<div>{paragraphs(*TEXT)}</div></div>"
    assert read(markup, head=f"<title>{stated}</title>").title == "内涝点整治提速"


@pytest.mark.parametrize(
    "headline",
    [
        "水务·一线|“三个一”推动内涝整治——访局长戚大伟",
        "2024年1-4月全市水务投资情况",
        "A-level课程走进青川",
    ],
)
def test_separators_inside_a_headline_stay(headline: str) -> None:
    markup = f"<h1>{headline}</h1><p>2024-05-06</p>{paragraphs(*TEXT)}"
    assert read(markup, head=f"<title>{headline}-青川日报</title>").title == headline


@pytest.mark.parametrize(
    "heading", ["{0}<span class='tag'>原创</span>", "<i class='icon'>置顶</i>{0}", "{0}"]
)
def test_a_badge_beside_the_headline_is_no_part_of_it(heading: str) -> None:
    markup = f"<h1>{heading.format('内涝点整治提速')}</h1>{paragraphs(*TEXT)}"
    assert read(markup).title == "内涝点整治提速"


def test_a_title_element_thrown_into_the_body_is_no_line() -> None:
    stated = "内涝点整治提速_要闻_首页频道_青川在线 - QINGCHUAN.COM"
    release = read(
        f"<h2>内涝点整治提速</h2><p>2024-05-06 10:20</p><div>{paragraphs(*TEXT)}</div>",
        head=f"</head><img src='/1.gif'><title>{stated}</title>",
    )
    assert release.title == "内涝点整治提速"


def test_a_headline_that_is_a_sentence_is_no_text() -> None:
    title = "水务局长换上雨靴走遍全城37处易涝点，他说：“今年汛期不看海。”真能做到吗？"
    line = "<h4><span>原创：</span><span>青川网</span><span>2024-04-23 12:27:25</span></h4>"
    markup = f"<div class='article'><h1>{title}</h1>{line}<div>{paragraphs(*TEXT)}</div></div>"
    assert read(markup, head=f"<title>{title}_青川网</title>").paragraphs == TEXT
